//! Why an entry was removed, as a listener is told.

use std::fmt;

/// Why an entry was removed: what an `on_remove` listener is told beside its key and value.
///
/// ```
/// use cached_core::{Cache, RemovalCause};
/// use std::sync::{Arc, Mutex};
///
/// let told = Arc::new(Mutex::new(Vec::new()));
/// let listener = Arc::clone(&told);
/// let cache: Cache<u32, &str> = Cache::builder()
///     .max(1)
///     .on_remove(move |key, value, cause| listener.lock().unwrap().push((*key, *value, cause)))
///     .build();
/// cache.insert(1, "one");
/// cache.insert(1, "uno");
/// cache.insert(2, "two");
/// cache.invalidate(&2);
/// let expected =
///     [(1, "one", RemovalCause::Replaced), (1, "uno", RemovalCause::Size), (2, "two", RemovalCause::Explicit)];
/// assert_eq!(*told.lock().unwrap(), expected);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RemovalCause {
    /// It was past its time, whoever cleared it away: a sweep, a load, a verb.
    Expired,
    /// Somebody asked for it: `invalidate`, `invalidate_if`, `clear`, a tag.
    Explicit,
    /// Another value of its key was stored, or was not to be kept.
    Replaced,
    /// Others needed the room.
    Size,
}

impl fmt::Display for RemovalCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Expired => "expired",
            Self::Explicit => "explicit",
            Self::Replaced => "replaced",
            Self::Size => "size",
        })
    }
}
