//! Calls that have not been made yet.

use std::fmt;
use std::sync::Arc;

/// A call of a `#[memoize(lazy)]` function that runs when it is [forced](Lazy::force), and not before.
///
/// It holds the arguments, not the value: the value lives in the function's cache, where equal calls share it, where
/// it ages and can be invalidated. Forcing twice runs the body once as long as the cache keeps what it returned.
/// Clones are the same call. There is no `Deref`: the expensive moment is written out.
///
/// ```
/// use cached_core::memoize;
///
/// #[memoize(lazy)]
/// fn report(id: u64) -> String {
///     format!("report {id}")
/// }
///
/// let call = report(7);
/// assert_eq!(format!("{call:?}"), "Lazy(report(7): pending)");
/// assert_eq!(call.force(), "report 7");
/// assert_eq!(format!("{call:?}"), r#"Lazy(report(7): "report 7")"#);
/// assert!(report(7).is_ready());
/// ```
#[must_use = "nothing runs until it is forced"]
pub struct Lazy<T> {
    call: Arc<dyn Call<T>>,
}

impl<T> Lazy<T> {
    /// Makes the call: from the cache if its value is there, else by running the body, once for all who force it.
    ///
    /// # Panics
    /// As the function does.
    pub fn force(&self) -> T {
        self.call.force()
    }

    /// Whether forcing it would be answered from the cache.
    pub fn is_ready(&self) -> bool {
        self.call.is_ready()
    }

    /// The value, if the cache has it. Runs nothing and is not counted.
    pub fn peek(&self) -> Option<T> {
        self.call.peek()
    }
}

impl<T> Clone for Lazy<T> {
    fn clone(&self) -> Self {
        Self { call: Arc::clone(&self.call) }
    }
}

impl<T: fmt::Debug> fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lazy(")?;
        self.call.fmt_call(f)?;
        f.write_str(": ")?;
        match self.peek() {
            Some(value) => value.fmt(f)?,
            None => f.write_str("pending")?,
        }
        f.write_str(")")
    }
}

trait Call<T>: Send + Sync {
    fn force(&self) -> T;
    fn is_ready(&self) -> bool;
    fn peek(&self) -> Option<T>;
    fn fmt_call(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// A call's arguments, owned, and what the function's companion does with them.
#[derive(Debug)]
pub struct Deferred<A, T> {
    /// The arguments.
    pub args: A,
    /// The memoized call.
    pub force: fn(&A) -> T,
    /// `contains` of the companion.
    pub is_ready: fn(&A) -> bool,
    /// `peek` of the companion.
    pub peek: fn(&A) -> Option<T>,
    /// The call as people read it.
    pub fmt_call: fn(&A, &mut fmt::Formatter<'_>) -> fmt::Result,
}

impl<A: Send + Sync + 'static, T: 'static> Deferred<A, T> {
    /// The handle that users see.
    pub fn into_lazy(self) -> Lazy<T> {
        Lazy { call: Arc::new(self) }
    }
}

impl<A: Send + Sync, T> Call<T> for Deferred<A, T> {
    fn force(&self) -> T {
        (self.force)(&self.args)
    }

    fn is_ready(&self) -> bool {
        (self.is_ready)(&self.args)
    }

    fn peek(&self) -> Option<T> {
        (self.peek)(&self.args)
    }

    fn fmt_call(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.fmt_call)(&self.args, f)
    }
}
