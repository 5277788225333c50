//! Calls that have not been made yet.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use crate::__private::SharedValue;

/// A call of a `#[memoize(lazy)]` function that runs when it is [forced](Lazy::force), and not before.
///
/// It holds the arguments, not the value: the value lives in the function's cache, where equal calls share it, where
/// it ages and can be invalidated. Forcing twice runs the body once as long as the cache keeps what it returned; where it
/// returned an error, the next call forces it again. Clones are the same call. There is no `Deref`: the expensive moment is
/// written out.
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
///
/// A static is a call without arguments, and otherwise the same:
///
/// ```
/// use cached_core::memoize;
///
/// #[memoize(lazy)]
/// static PRIMES: Vec<u64> = (2..100).filter(|n| (2..*n).all(|d| n % d != 0)).collect();
///
/// assert!(!PRIMES.is_ready());
/// assert_eq!(PRIMES.force()[..3], [2, 3, 5]);
/// assert!(PRIMES.invalidate());
/// ```
#[must_use = "nothing runs until it is forced"]
pub struct Lazy<T: 'static> {
    call: Held<T, T>,
}

/// A call of an asynchronous `#[memoize(lazy)]` function, which runs when it is awaited, and not before. See [`Lazy`].
///
/// Unlike the future that a call of an `async fn` is, it can be looked at, cloned, and awaited more than once.
///
/// ```
/// use cached_core::memoize;
///
/// #[memoize(lazy)]
/// async fn page(url: &str) -> usize {
///     url.len() // imagine a request here
/// }
///
/// # async fn example() {
/// let call = page("https://example.org");
/// assert!(!call.is_ready());
/// assert_eq!(call.clone().await, 19);
/// assert_eq!(call.peek(), Some(19));
/// assert_eq!(call.await, 19);
/// # }
/// ```
#[must_use = "nothing runs until it is awaited"]
pub struct LazyFuture<T: 'static> {
    call: Held<T, Forcing<T>>,
}

/// A forced call of an asynchronous function.
pub(crate) type Forcing<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A call that is forced, with the arguments that its future has owned forms of.
#[derive(Debug)]
pub struct Forced<'a, A, F, const MODE: u8>(pub &'a A, pub F);

impl<A: Send + Sync + 'static, F, const MODE: u8> Forced<'_, A, F, MODE>
where
    (): SharedValue<MODE>,
{
    /// What is awaited.
    pub fn boxed<T>(self) -> Forcing<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        Box::pin(self.1)
    }
}

impl<T> Lazy<T> {
    /// Makes the call: from the cache if its value is there, else by running the body, once for all who force it.
    ///
    /// # Panics
    /// As the function does.
    pub fn force(&self) -> T {
        self.call.get().force()
    }

    /// What the attribute writes for a static; not part of the public face.
    #[doc(hidden)]
    pub const fn of_static(call: &'static Deferred<(), T, T>) -> Self {
        Self { call: Held::Static(call) }
    }

    /// In the place of one whose type the compiler refuses.
    #[doc(hidden)]
    #[expect(clippy::panic, reason = "a static is made when its crate is compiled, and there it stops that")]
    pub const fn unmade() -> Self {
        panic!("what is wrong with the type of this static is for the compiler to say: it is not memoized")
    }
}

impl<T> LazyFuture<T> {
    /// Makes the call, without giving the handle away as `.await` does.
    ///
    /// # Panics
    /// As the function does, when awaited.
    pub fn force(&self) -> impl Future<Output = T> + Send + use<T> {
        self.call.get().force()
    }
}

impl<T> IntoFuture for LazyFuture<T> {
    type Output = T;
    type IntoFuture = Pin<Box<dyn Future<Output = T> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        self.call.get().force()
    }
}

impl<T> IntoFuture for &LazyFuture<T> {
    type Output = T;
    type IntoFuture = Pin<Box<dyn Future<Output = T> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        self.call.get().force()
    }
}

macro_rules! look {
    ($($lazy:ident),*) => { $(
        impl<T> $lazy<T> {
            /// Whether forcing it would be answered from the cache.
            pub fn is_ready(&self) -> bool {
                self.call.get().is_ready()
            }

            /// The value, if the cache has it. Runs nothing and is not counted.
            pub fn peek(&self) -> Option<T> {
                self.call.get().peek()
            }

            /// Forgets the value, for this call and all equal ones: the next one that is forced runs the body. Whether
            /// there was one.
            pub fn invalidate(&self) -> bool {
                self.call.get().invalidate()
            }
        }

        impl<T> Clone for $lazy<T> {
            fn clone(&self) -> Self {
                Self { call: self.call.clone() }
            }
        }

        impl<T: fmt::Debug> fmt::Debug for $lazy<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("Lazy(")?;
                self.call.get().fmt_call(f)?;
                f.write_str(": ")?;
                match self.peek() {
                    Some(value) => value.fmt(f)?,
                    None => f.write_str("pending")?,
                }
                f.write_str(")")
            }
        }
    )* };
}
look!(Lazy, LazyFuture);

/// A call, wherever it lies.
enum Held<T: 'static, F: 'static> {
    Shared(Arc<dyn Call<T, F>>),
    Static(&'static dyn Call<T, F>),
}

impl<T, F> Held<T, F> {
    fn get(&self) -> &dyn Call<T, F> {
        match self {
            Self::Shared(call) => &**call,
            Self::Static(call) => *call,
        }
    }
}

impl<T, F> Clone for Held<T, F> {
    fn clone(&self) -> Self {
        match self {
            Self::Shared(call) => Self::Shared(Arc::clone(call)),
            Self::Static(call) => Self::Static(*call),
        }
    }
}

/// A call that gives a `T`, or a future of one, when it is forced.
trait Call<T, F>: Send + Sync {
    fn force(&self) -> F;
    fn is_ready(&self) -> bool;
    fn peek(&self) -> Option<T>;
    fn invalidate(&self) -> bool;
    fn fmt_call(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// A call's arguments, owned, and what the function's companion does with them.
#[derive(Debug)]
pub struct Deferred<A, V, F> {
    /// The arguments.
    pub args: A,
    /// The memoized call.
    pub force: fn(&A) -> F,
    /// `contains` of the companion.
    pub is_ready: fn(&A) -> bool,
    /// `peek` of the companion.
    pub peek: fn(&A) -> Option<V>,
    /// `invalidate` of the companion.
    pub invalidate: fn(&A) -> bool,
    /// The call as people read it.
    pub fmt_call: fn(&A, &mut fmt::Formatter<'_>) -> fmt::Result,
}

impl<A: Send + Sync + 'static, T: 'static> Deferred<A, T, T> {
    /// The handle that users see.
    pub fn into_lazy(self) -> Lazy<T> {
        Lazy { call: Held::Shared(Arc::new(self)) }
    }
}

impl<A: Send + Sync + 'static, T: 'static> Deferred<A, T, Forcing<T>> {
    /// The handle that users see.
    pub fn into_lazy_future(self) -> LazyFuture<T> {
        LazyFuture { call: Held::Shared(Arc::new(self)) }
    }
}

impl<A: Send + Sync, T, F> Call<T, F> for Deferred<A, T, F> {
    fn force(&self) -> F {
        (self.force)(&self.args)
    }

    fn is_ready(&self) -> bool {
        (self.is_ready)(&self.args)
    }

    fn peek(&self) -> Option<T> {
        (self.peek)(&self.args)
    }

    fn invalidate(&self) -> bool {
        (self.invalidate)(&self.args)
    }

    fn fmt_call(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.fmt_call)(&self.args, f)
    }
}
