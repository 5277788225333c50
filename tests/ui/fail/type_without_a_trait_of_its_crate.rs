//! A type is given what lacks a trait of this crate, or a type of this crate that lacks one of the standard library: the compiler says
//! so of the head, and nobody of what goes beside it.

use std::borrow::Cow;
use std::collections::HashMap as Map;
use std::hash::Hash;
use std::iter::Peekable;

use cached_core::memoize;

trait Shape {
    type Side;
}

impl Shape for u16 {
    type Side = u16;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Drawn<Q: Shape>(Q);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Copied<Q: Copy>(Q);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Plain;

#[derive(PartialEq, Eq, Hash)]
struct Single;

type Other = Drawn<u8>;

#[memoize]
fn text(of: Drawn<String>) -> u32 {
    1
}

#[memoize]
fn list(id: u32) -> Vec<(u8, Drawn<Plain>)> {
    todo!()
}

#[memoize]
fn copied(of: &Copied<Plain>) -> u32 {
    1
}

#[memoize]
fn imported(of: Copied<Map<u8, u8>>) -> u32 {
    1
}

#[memoize]
fn named(of: Other) -> u32 {
    1
}

#[memoize]
fn called(of: fn(Drawn<u8>)) -> u32 {
    1
}

#[memoize]
fn side(of: <u8 as Shape>::Side) -> u32 {
    1
}

#[memoize]
fn item(id: u32) -> <u8 as Iterator>::Item {
    todo!()
}

#[memoize]
fn borrowed(id: u32) -> Cow<'static, Single> {
    todo!()
}

#[memoize]
fn peeked(of: &Peekable<u8>) -> u32 {
    1
}

#[memoize]
fn generic<T: Clone + Hash + Eq + Send + Sync + 'static>(of: Drawn<T>) -> u32 {
    1
}

impl Plain {
    #[memoize]
    fn alone(&self, of: Drawn<u8>) -> u32 {
        1
    }
}

fn main() {}
