//! What is written almost as it should be.

use cached_core::{invalidates, memoize};

#[memoize(max = 10,000)]
fn number(id: u32) -> u32 {
    id
}

#[memoize(companion = None)]
fn without(id: u32) -> u32 {
    id
}

#[memoize(name = "")]
fn nameless(id: u32) -> u32 {
    id
}

#[memoize]
fn price(id: u32) -> u32 {
    id
}

#[invalidates(price(id) number(id))]
fn written(id: u32) {
    drop(id);
}

#[memoize(companion = rates)]
fn rate(id: u32) -> u32 {
    id
}

#[memoize(companion = none)]
fn alone(id: u32) -> u32 {
    id
}

#[invalidates(rate(id))]
fn written_by_its_name(id: u32) {
    drop(id);
}

#[invalidates(alone)]
fn written_without(id: u32) {
    drop(id);
}

#[invalidates(rates(id), rates)]
fn written_rightly(id: u32) {
    drop(id);
}

fn main() {
    number::clear();
    without(1);
}
