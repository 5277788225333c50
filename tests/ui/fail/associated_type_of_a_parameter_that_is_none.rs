//! A type of a parameter that none of its bounds declares.

use cached_core::memoize;

trait Above {
    type Id;
}

trait Job: Above + Clone {
    type Out;
}

#[memoize]
fn first<I: Iterator + 'static>(of: I::Itm) -> u32 {
    1
}

#[memoize]
fn second<T>(id: u32) -> Option<T::Uot>
where
    T: Job + 'static,
{
    None
}

fn main() {}
