//! Caches for one test alone, and a clock to turn.

use std::ops::Deref;

use crate::scope::Entered;

pub use crate::scope::Scope;

/// Gives this thread empty caches and a clock of its own, until the answer is dropped.
///
/// Other threads see nothing of it, so tests that run side by side do not see each other's entries or counters.
/// Threads that the test starts join in through [`Scope::wrap`].
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
#[must_use = "the isolation ends when this is dropped"]
pub fn isolate() -> Isolated {
    Isolated(Scope::default().enter())
}

/// A thread's stay in a [`Scope`]; ends when dropped, on the thread on which it began.
#[derive(Debug)]
pub struct Isolated(Entered);

impl Deref for Isolated {
    type Target = Scope;

    fn deref(&self) -> &Scope {
        &self.0.scope
    }
}
