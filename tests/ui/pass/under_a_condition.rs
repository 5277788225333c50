//! `#[cfg]` and `#[cfg_attr]` on functions of all kinds, also where what is left out could not be compiled.
#![allow(clippy::non_minimal_cfg)]
use cached_core::memoize;

#[cfg_attr(all(), memoize(max = 2))]
fn free(n: u32) -> u32 {
    n
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u32);

impl Desk {
    #[cfg_attr(all(), memoize)]
    fn alone(&self) -> u32 {
        self.0
    }

    #[memoize]
    #[cfg(any())]
    fn left_out_alone(&self, missing: Missing) -> u32 {
        self.0
    }
}

#[memoize]
impl Desk {
    #[memoize]
    #[cfg(not(any()))]
    fn chosen(n: u32) -> u32 {
        n
    }

    #[cfg(any())]
    #[memoize(max = 3)]
    fn chosen(n: u32) -> u32 {
        n + 1
    }

    #[cfg(any())]
    #[memoize(lazy)]
    fn left_out(missing: Missing) -> u32 {
        1
    }

    #[cfg_attr(not(any()), memoize(max = 4), must_use)]
    fn marked(n: u32) -> u32 {
        n
    }

    /// Two conditions.
    #[cfg_attr(any(), memoize(max = 5))]
    #[cfg_attr(all(), memoize(max = 6))]
    fn marked_by_the_second(n: u32) -> u32 {
        n
    }

    #[cfg_attr(any(), memoize(max = 7), deprecated)]
    fn not_marked(n: u32) -> u32 {
        n
    }
}

trait Rates {
    fn rate(&self, currency: &str) -> usize;
}

#[cfg_attr(all(), memoize)]
impl Rates for Desk {
    #[cfg_attr(all(), memoize(skip(self)))]
    fn rate(&self, currency: &str) -> usize {
        currency.len()
    }
}

fn main() {
    for _ in 0..2 {
        assert_eq!((free(1), Desk(2).alone(), Desk::chosen(3)), (1, 2, 3));
        assert_eq!((Desk::marked(4), Desk::marked_by_the_second(5), Desk::not_marked(6)), (4, 5, 6));
        assert_eq!(Desk(1).rate("EUR"), 3);
    }
    assert_eq!(free::cache_info().hits, 1);
    assert_eq!(Desk::alone_cache().cache_info().hits, 1);
    assert_eq!(Desk::chosen_cache().cache_info().max, None);
    assert_eq!(Desk::marked_cache().cache_info().max, Some(4));
    assert_eq!(Desk::marked_by_the_second_cache().cache_info().max, Some(6));
    assert_eq!(Desk::rate_cache().cache_info().hits, 1);
}
