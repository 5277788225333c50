//! Names that are like others, or those of functions, and yet are found: lengths, types, and types of parameters.
#![allow(non_camel_case_types)]

use std::hash::Hash;
use std::iter::DoubleEndedIterator;
use std::ops::Deref;
use std::str::FromStr;

use cached_core::memoize;

trait Fit: Clone + Hash + Eq + Send + Sync + 'static {}
impl<T: Clone + Hash + Eq + Send + Sync + 'static> Fit for T {}

mod lengths {
    pub const LNE: usize = 2;
}

use lengths::*;

macro_rules! length {
    ($name:ident) => {
        const $name: usize = 3;
    };
}

length!(NLE);

const LENS: usize = 4;

#[memoize]
fn of_lengths<const LEN: usize>(of: [u8; LEN], more: [u8; LNE], most: ([u8; NLE], [u8; LENS])) -> usize {
    const LENN: usize = 5;

    #[memoize]
    fn inside<const LEN: usize>(of: [u8; LENN], more: [u8; LEN]) -> usize {
        of.len() + more.len()
    }

    inside([1; 5], of) + more.len() + most.0.len() + most.1.len()
}

mod types {
    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct other {}
}

use types::other;

#[derive(Clone, PartialEq, Eq, Hash)]
struct own {}

fn own() -> own {
    own {}
}

fn other() -> other {
    other {}
}

fn param() {}

#[memoize]
fn of_types(own: own, other: Option<&other>) -> usize {
    let (own {}, Some(other {})) = (own, other) else { return 0 };
    1
}

#[memoize]
fn parameters<param: Fit>(of: param) -> usize {
    let _ = (of, param());
    1
}

trait Above {
    type Id: Fit;
}

trait Job: Above {
    type Out: Fit;
}

macro_rules! out {
    () => {
        type Far: Fit;
    };
}

trait Hidden
where
    Self: Above,
{
    out!();
}

impl Above for u8 {
    type Id = u8;
}

impl Job for u8 {
    type Out = u16;
}

impl Hidden for u8 {
    type Far = u32;
}

#[memoize]
fn of_traits<T: Fit + Hidden>(id: T::Id, out: T::Out, far: T::Far) -> Option<T::Id>
where
    T: Job,
{
    let _ = (out, far);
    Some(id)
}

#[allow(dead_code)]
#[memoize]
fn of_others<I, D: Fit + Deref, S: Fit + FromStr>(item: I::Item, of: D::Target, error: S::Err) -> usize
where
    I: Fit + DoubleEndedIterator,
    I::Item: Fit,
    D::Target: Fit,
    S::Err: Fit,
{
    let _ = (item, of, error);
    1
}

#[memoize]
fn asks(id: u32) -> u32
where
    String: Clone,
{
    id
}

fn main() {
    assert_eq!((of_lengths([1], [1; 2], ([1; 3], [1; 4])), of_types(own(), Some(&other()))), (15, 1));
    assert_eq!((parameters(1), of_traits::<u8>(1, 2, 3)), (1, Some(1)));
    assert_eq!((asks(1), asks::cache_info().misses, asks::clear()), (1, 1, 1));
}
