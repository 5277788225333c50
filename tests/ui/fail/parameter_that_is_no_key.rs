//! A type parameter in the key must be fit for it.
use cached_core::memoize;

#[memoize]
fn show<T: std::fmt::Debug + Clone + 'static>(value: T) -> String {
    format!("{value:?}")
}

fn main() {
    show(1);
    show::cache_info::<i32>();
}
