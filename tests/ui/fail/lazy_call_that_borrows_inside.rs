//! A lazy call keeps what it is given, and that can hold no borrow.
use cached_core::memoize;

use std::borrow::Cow;

#[memoize(lazy)]
fn report(town: Option<&str>) -> usize {
    town.map_or(0, str::len)
}

#[memoize(lazy)]
fn again(town: Cow<'_, str>) -> usize {
    town.len()
}

fn main() {
    report(None).force();
    again("a".into()).force();
}
