//! What a generic function returns must be fit for a cache.
use cached_core::memoize;

#[memoize]
fn make<T: Default + 'static>() -> T {
    T::default()
}

fn main() {
    make::<u8>();
}
