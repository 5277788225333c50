//! What a key is worked out from need be fit for nothing.
#![deny(warnings)]

use std::fmt::Display;

use cached_core::memoize;

struct Item {
    id: u64,
}

#[memoize(key = items.iter().map(|item| item.id).collect::<Vec<_>>())]
fn total(items: &[Item]) -> u64 {
    items.iter().map(|item| item.id).sum()
}

#[memoize(key = shown.to_string())]
fn width<S: Display + ?Sized + 'static>(shown: &S) -> usize {
    shown.to_string().len()
}

struct Cart;

impl Cart {
    #[memoize(key = items.len())]
    fn count(&self, items: &[Item]) -> usize {
        items.len()
    }
}

fn main() {
    assert_eq!(total(&[Item { id: 1 }, Item { id: 2 }]), 3);
    assert_eq!(total::warm([vec![Item { id: 4 }]]), 1);
    assert_eq!(total(&[Item { id: 4 }]), 4);
    assert_eq!(total::cache_info().hits, 1);
    assert_eq!(width("abc") + width(&12), 5);
    assert_eq!(Cart.count(&[]), 0);
}
