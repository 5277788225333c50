//! What can be written may be so in a key, however that is said.
use std::error::Error;
use std::fmt::{self, Debug, Display};

use cached_core::memoize;

struct Id(u32);

impl Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

struct Plain(u32);

#[memoize(key = format!("{why} {why:?}"))]
fn length<T: Error + 'static>(why: &T) -> usize {
    why.to_string().len()
}

#[memoize(key = format!("{id}", id = id.0))]
fn price(id: Plain) -> u32 {
    id.0
}

#[memoize(key = format!("{:>5} {:?}", id, year))]
fn name(id: Id, year: Option<u32>) -> u32 {
    id.0 + year.unwrap_or_default()
}

#[memoize(key = format!("{0:?} {1} {0:?} {{id:?}}", year, id))]
fn total(id: &Id, year: Option<u32>) -> u32 {
    id.0 + year.unwrap_or_default()
}

#[memoize(key = format!("{list:?}"))]
fn count<T: 'static>(list: Vec<T>) -> usize
where
    Vec<T>: Debug,
{
    list.len()
}

fn main() {
    assert_eq!((length(&fmt::Error), price(Plain(1))), (fmt::Error.to_string().len(), 1));
    assert_eq!((name(Id(1), None), total(&Id(1), Some(1)), count(vec![1, 2])), (1, 2, 2));
}
