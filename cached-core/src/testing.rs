//! Caches for one test alone, and a clock to turn.

pub use crate::scope::{Entered, Scope};

/// What [`isolate`] gives.
pub type Isolated = Entered;

/// Gives this thread empty caches and a clock of its own, until the answer is dropped.
///
/// Other threads see nothing of it, so tests that run side by side do not see each other's entries or counters.
/// Threads that the test starts join in through [`Scope::wrap`], tasks through [`Scope::run`].
///
/// ```
/// use cached_core::{memoize, testing};
/// use std::time::Duration;
///
/// #[memoize(ttl = 60s)]
/// fn double(n: u64) -> u64 {
///     n * 2
/// }
///
/// let scope = testing::isolate();
/// double(4);
/// scope.advance(Duration::from_secs(61)); // no sleep
/// double(4);
/// assert_eq!(double::cache_info().misses, 2);
/// ```
pub fn isolate() -> Isolated {
    Scope::isolated().enter()
}
