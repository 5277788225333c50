//! A type of the standard library that lacks what a type asks for: the compiler says so of the head, and nobody of what goes beside
//! it.

use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Page<Q: Copy>(Q);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Shown<'a, const N: usize, Q>([&'a Q; N])
where
    Q: fmt::Display;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Sent<Q>(Q);

trait Sends: Send {}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Far<Q: Sends>(Q);

#[memoize]
fn copied(page: &Page<String>) -> u32 {
    1
}

#[memoize]
fn shown(id: u32) -> Option<Shown<'static, 2, HashMap<u32, u32>>> {
    todo!()
}

#[memoize]
fn sized(id: u32) -> Sent<str> {
    todo!()
}

#[memoize(scope = thread)]
fn sent(far: Far<Rc<u32>>) -> u32 {
    1
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

#[memoize]
impl Desk {
    #[memoize]
    fn pair(&self, page: Page<(u8, Vec<u8>)>) -> u32 {
        1
    }
}

fn main() {}
