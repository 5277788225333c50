//! Options that are worked out in several places, all of them of another type.

use std::time::Duration;

use cached_core::memoize;

#[memoize(ttl = |_, value| if *value > 3 { Some(Duration::MAX) } else { None })]
fn price(id: u32) -> u32 {
    id
}

#[memoize(ttl = |_, value| {
    if *value > 3 {
        return 60;
    }
    30
})]
fn rate(id: u32) -> u32 {
    id
}

#[memoize(max_weight = 100, weigher = |_, value| match value { 1 => "light", _ => "heavy" })]
fn weight(id: u32) -> u32 {
    id
}

#[memoize(store_if = |value| if *value > 3 { Some(value) } else { None })]
fn kept(id: u32) -> u32 {
    id
}

#[memoize(max = if cfg!(debug_assertions) { 10_u32 } else { 100_u32 })]
fn bound(id: u32) -> u32 {
    id
}

fn main() {}
