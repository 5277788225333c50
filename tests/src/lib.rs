//! Words the specification is written in, and a model of it.

pub mod model;

/// Whether it comes to that, however slow this machine is. What has been removed is dropped when nobody can look at it any more, and
/// readers of other tests may hold that up: ask for the cache's info, or call it, each time.
pub fn comes(mut that: impl FnMut() -> bool) -> bool {
    (0..10_000_000).any(|_| {
        std::thread::yield_now();
        that()
    })
}

/// A call that runs the body: `miss!(double(2) => 4)`.
#[macro_export]
macro_rules! miss {
    ($function:ident($($arg:expr),*) => $value:expr) => {
        $crate::call!($function($($arg),*) => $value, hits 0, misses 1)
    };
}

/// A call that is answered from the cache: `hit!(double(2) => 4)`.
#[macro_export]
macro_rules! hit {
    ($function:ident($($arg:expr),*) => $value:expr) => {
        $crate::call!($function($($arg),*) => $value, hits 1, misses 0)
    };
}

/// A call, what it returns, and by how much it moves the counters.
#[macro_export]
macro_rules! call {
    ($function:ident($($arg:expr),*) => $value:expr, hits $hits:literal, misses $misses:literal) => {{
        let before = $function::cache_info();
        let value = $function($($arg),*);
        let after = $function::cache_info();
        assert_eq!(value, $value);
        let moved = (after.hits - before.hits, after.misses - before.misses);
        assert_eq!(moved, ($hits, $misses), "(hits, misses) of {}", stringify!($function($($arg),*)));
    }};
}
