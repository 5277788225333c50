//! A predicate may be what an expression yields.

use cached_core::memoize;

fn above(least: u32) -> impl Fn(&u32) -> bool {
    move |value| *value > least
}

#[memoize(store_if = above(3))]
fn called(id: u32) -> u32 {
    id
}

#[memoize(store_if = { let least = 3; move |value: &u32| *value > least })]
fn block(id: u32) -> u32 {
    id
}

fn main() {
    called(2);
    called(4);
    assert!(!called::contains(2) && called::contains(4));
    block(2);
    block(4);
    assert!(!block::contains(2) && block::contains(4));
}
