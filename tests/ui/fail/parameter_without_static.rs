//! A type parameter that tells caches apart must outlive them.
use cached_core::memoize;

#[memoize]
fn name<T>() -> &'static str {
    std::any::type_name::<T>()
}

fn main() {
    name::<u8>();
    name::clear_all();
}
