//! A function inside of a function.
use cached_core::memoize;

fn main() {
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Local(u8);

    #[memoize]
    fn inner(local: Local) -> u8 {
        local.0
    }

    assert_eq!((inner(Local(1)), inner(Local(1)), inner::cache_info().hits), (1, 1, 1));
}
