//! Functions made by `macro_rules!`.
use cached_core::memoize;

macro_rules! make {
    ($($(#[$attr:meta])* $vis:vis fn $name:ident($arg:ident: $ty:ty) -> $out:ty $body:block)*) => {
        $(#[memoize] $(#[$attr])* $vis fn $name($arg: $ty) -> $out $body)*
    };
}

make! {
    /// One.
    pub fn one(n: u8) -> u8 { n + 1 }
    fn text(text: &str) -> Option<f64> { text.parse().ok() }
}

fn main() {
    assert_eq!((one(1), one(1), text("1.5"), text("1.5")), (2, 2, Some(1.5), Some(1.5)));
    assert_eq!((one::cache_info().hits, text::cache_info().hits), (1, 1));
}
