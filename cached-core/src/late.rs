//! A load that took longer than its function lets it.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// A load took longer than the `load_timeout` of its function, and was given up.
///
/// It becomes the function's own error through `From`, for the caller that ran the load and for all who waited for it:
///
/// ```
/// use cached_core::LoadTimeout;
///
/// #[derive(Debug)]
/// enum PageError {
///     Slow(LoadTimeout),
///     Gone,
/// }
///
/// impl From<LoadTimeout> for PageError {
///     fn from(timeout: LoadTimeout) -> Self {
///         Self::Slow(timeout)
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadTimeout {
    name: &'static str,
    after: Duration,
}

impl LoadTimeout {
    pub(crate) fn new(name: &'static str, after: Duration) -> Self {
        Self { name, after }
    }

    /// The name of the function, as in reports.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How long the load was let run.
    pub fn after(&self) -> Duration {
        self.after
    }
}

impl fmt::Display for LoadTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a load of `{}` took longer than {:?}", self.name, self.after)
    }
}

impl Error for LoadTimeout {}

impl From<LoadTimeout> for std::io::Error {
    fn from(timeout: LoadTimeout) -> Self {
        Self::new(std::io::ErrorKind::TimedOut, timeout)
    }
}

impl From<LoadTimeout> for String {
    fn from(timeout: LoadTimeout) -> Self {
        timeout.to_string()
    }
}
