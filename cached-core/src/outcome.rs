//! What a body's return value means to the cache: what is kept of it, and what a failure tells to others.

use std::any::Any;
use std::sync::Arc;

use crate::late::LoadTimeout;
use crate::thread::Local;
use crate::unmade::Refused;

/// A failure as it is told to the callers that waited for the load.
pub(crate) type SharedFailure = Arc<dyn Any + Send + Sync>;

/// How a return type is kept. Found per type at compile time, see [`Probe`](crate::probe::Probe).
pub mod mode {
    /// The value itself.
    pub const PLAIN: u8 = 0;
    /// A `Result`: its `Ok` value is kept, an error answers its own caller alone.
    pub const RESULT: u8 = 1;
    /// A `Result` whose error is told to all who waited.
    pub const RESULT_SHARED: u8 = 2;
    /// Cannot be cloned: refused.
    pub const NO_CLONE: u8 = 3;
    /// Cannot be shared between threads: refused, unless the cache is a thread's.
    pub const NOT_SHARED: u8 = 4;
    /// Taken apart already, by a reload.
    pub const RELOADED: u8 = 5;
    /// As `RESULT`, with an error that can say that a load took too long.
    pub const RESULT_LATE: u8 = 6;
    /// As `RESULT_SHARED`, with such an error.
    pub const RESULT_SHARED_LATE: u8 = 7;

    /// The same mode for a function whose loads may take too long; `holds` says whether its error can tell that.
    pub const fn of_late(mode: u8, holds: bool) -> u8 {
        match (mode, holds) {
            (RESULT, true) => RESULT_LATE,
            (RESULT_SHARED, true) => RESULT_SHARED_LATE,
            (mode, _) => mode,
        }
    }

    /// A `Result` whose `Ok` value cannot be shared between threads: refused, unless the cache is a thread's.
    pub const LOCAL_RESULT: u8 = 8;
    /// As `LOCAL_RESULT`, with an error that is told to all who waited.
    pub const LOCAL_RESULT_SHARED: u8 = 9;

    /// A `Result` whose `Ok` value cannot be cloned: refused.
    pub const NO_CLONE_RESULT: u8 = 10;

    /// Whether it can be kept where threads share it.
    pub const fn is_fit(mode: u8) -> bool {
        !matches!(mode, NO_CLONE | NO_CLONE_RESULT | NOT_SHARED | LOCAL_RESULT | LOCAL_RESULT_SHARED)
    }

    /// Puts together what is known about a type that is no `Result`.
    pub const fn of_value(clone: bool, sync: bool) -> u8 {
        match (clone, sync) {
            (true, true) => PLAIN,
            (false, _) => NO_CLONE,
            (true, false) => NOT_SHARED,
        }
    }

    /// Puts together what is known about a `Result`.
    pub const fn of_result(ok_clone: bool, ok_sync: bool, err_shared: bool) -> u8 {
        match (of_value(ok_clone, ok_sync), err_shared) {
            (PLAIN, true) => RESULT_SHARED,
            (PLAIN, false) => RESULT,
            (NOT_SHARED, false) => LOCAL_RESULT,
            (NOT_SHARED, true) => LOCAL_RESULT_SHARED,
            _ => NO_CLONE_RESULT,
        }
    }
}

/// A body's return value, seen by the cache.
pub trait Outcome<const MODE: u8>: Sized {
    /// What is kept.
    type Kept;
    /// What is kept, as users see it.
    type Shown;
    /// What is not.
    type Failure;

    /// Whether there is a failure that says that the load took too long.
    const TELLS_LATE: bool = false;

    /// Shows what is kept.
    fn show(kept: Self::Kept) -> Self::Shown;
    /// Keeps what users give.
    fn keep(shown: Self::Shown) -> Self::Kept;

    /// Takes the return value apart.
    ///
    /// # Errors
    /// The failure, if that is what it holds.
    fn split(self) -> Result<Self::Kept, Self::Failure>;
    /// The return value that a kept value stands for.
    fn from_kept(kept: Self::Kept) -> Self;
    /// The return value that a failure stands for.
    fn from_failure(failure: Self::Failure) -> Self;
    /// The failure in a form that others can be told, where there is one.
    fn share(_: &Self::Failure) -> Option<Arc<dyn Any + Send + Sync>> {
        None
    }
    /// The failure that somebody else was told.
    fn unshare(_: &(dyn Any + Send + Sync)) -> Option<Self::Failure> {
        None
    }
    /// The failure that says that the load took too long, where there is one.
    fn late(_: LoadTimeout) -> Option<Self::Failure> {
        None
    }
}

/// A value that never is.
#[derive(Clone, Debug)]
pub enum Never {}

impl<T> Outcome<{ mode::PLAIN }> for T {
    type Kept = T;
    type Shown = T;
    type Failure = Never;

    #[inline]
    fn show(kept: T) -> T {
        kept
    }

    #[inline]
    fn keep(shown: T) -> T {
        shown
    }

    #[inline]
    fn split(self) -> Result<T, Never> {
        Ok(self)
    }

    #[inline]
    fn from_kept(kept: T) -> T {
        kept
    }

    fn from_failure(failure: Never) -> T {
        match failure {}
    }
}

impl<T, E> Outcome<{ mode::RESULT }> for Result<T, E> {
    type Kept = T;
    type Shown = T;
    type Failure = E;

    #[inline]
    fn show(kept: T) -> T {
        kept
    }

    #[inline]
    fn keep(shown: T) -> T {
        shown
    }

    #[inline]
    fn split(self) -> Self {
        self
    }

    #[inline]
    fn from_kept(kept: T) -> Self {
        Ok(kept)
    }

    fn from_failure(failure: E) -> Self {
        Err(failure)
    }
}

impl<T, E: Clone + Send + Sync + 'static> Outcome<{ mode::RESULT_SHARED }> for Result<T, E> {
    type Kept = T;
    type Shown = T;
    type Failure = E;

    #[inline]
    fn show(kept: T) -> T {
        kept
    }

    #[inline]
    fn keep(shown: T) -> T {
        shown
    }

    #[inline]
    fn split(self) -> Self {
        self
    }

    #[inline]
    fn from_kept(kept: T) -> Self {
        Ok(kept)
    }

    fn from_failure(failure: E) -> Self {
        Err(failure)
    }

    fn share(failure: &E) -> Option<SharedFailure> {
        Some(Arc::new(failure.clone()))
    }

    fn unshare(shared: &(dyn Any + Send + Sync)) -> Option<E> {
        shared.downcast_ref().cloned()
    }
}

impl<T, E: From<LoadTimeout>> Outcome<{ mode::RESULT_LATE }> for Result<T, E> {
    type Kept = T;
    type Shown = T;
    type Failure = E;
    const TELLS_LATE: bool = true;

    #[inline]
    fn show(kept: T) -> T {
        kept
    }

    #[inline]
    fn keep(shown: T) -> T {
        shown
    }

    #[inline]
    fn split(self) -> Self {
        self
    }

    #[inline]
    fn from_kept(kept: T) -> Self {
        Ok(kept)
    }

    fn from_failure(failure: E) -> Self {
        Err(failure)
    }

    fn late(late: LoadTimeout) -> Option<E> {
        Some(E::from(late))
    }
}

impl<T, E> Outcome<{ mode::RESULT_SHARED_LATE }> for Result<T, E>
where
    E: Clone + Send + Sync + 'static + From<LoadTimeout>,
{
    type Kept = T;
    type Shown = T;
    type Failure = E;
    const TELLS_LATE: bool = true;

    #[inline]
    fn show(kept: T) -> T {
        kept
    }

    #[inline]
    fn keep(shown: T) -> T {
        shown
    }

    #[inline]
    fn split(self) -> Self {
        self
    }

    #[inline]
    fn from_kept(kept: T) -> Self {
        Ok(kept)
    }

    fn from_failure(failure: E) -> Self {
        Err(failure)
    }

    fn share(failure: &E) -> Option<SharedFailure> {
        Some(Arc::new(failure.clone()))
    }

    fn unshare(shared: &(dyn Any + Send + Sync)) -> Option<E> {
        shared.downcast_ref().cloned()
    }

    fn late(late: LoadTimeout) -> Option<E> {
        Some(E::from(late))
    }
}

macro_rules! refused {
    ([$($param:ident),*] $mode:ident: $shown:ty => $returned:ty) => {
        impl<$($param),*> Outcome<{ mode::$mode }> for $returned {
            type Kept = Refused<$shown>;
            type Shown = $shown;
            type Failure = Self;

            fn show(kept: Refused<$shown>) -> $shown {
                kept.never()
            }

            fn keep(_: $shown) -> Refused<$shown> {
                unreachable!("it was refused")
            }

            fn split(self) -> Result<Refused<$shown>, Self> {
                Err(self)
            }

            fn from_kept(kept: Refused<$shown>) -> Self {
                kept.never()
            }

            fn from_failure(failure: Self) -> Self {
                failure
            }
        }
    };
}
refused!([T] NO_CLONE: T => T);
refused!([T, E] NO_CLONE_RESULT: T => Result<T, E>);

impl<T> Outcome<{ mode::NOT_SHARED }> for T {
    type Kept = Local<T>;
    type Shown = T;
    type Failure = Never;

    fn show(kept: Local<T>) -> T {
        kept.into_own()
    }

    fn keep(shown: T) -> Local<T> {
        Local::new(shown)
    }

    fn split(self) -> Result<Local<T>, Never> {
        Ok(Local::new(self))
    }

    fn from_kept(kept: Local<T>) -> T {
        kept.into_own()
    }

    fn from_failure(failure: Never) -> T {
        match failure {}
    }
}

/// Both are the same but for what becomes of the error.
macro_rules! local_result {
    ($mode:ident, [$($bounds:tt)*] $($told:tt)*) => {
        impl<T, E $($bounds)*> Outcome<{ mode::$mode }> for Result<T, E> {
            type Kept = Local<T>;
            type Shown = T;
            type Failure = E;

            fn show(kept: Local<T>) -> T {
                kept.into_own()
            }

            fn keep(shown: T) -> Local<T> {
                Local::new(shown)
            }

            fn split(self) -> Result<Local<T>, E> {
                self.map(Local::new)
            }

            fn from_kept(kept: Local<T>) -> Self {
                Ok(kept.into_own())
            }

            fn from_failure(failure: E) -> Self {
                Err(failure)
            }

            $($told)*
        }
    };
}
local_result!(LOCAL_RESULT, []);
local_result!(LOCAL_RESULT_SHARED, [: Clone + Send + Sync + 'static]
    fn share(failure: &E) -> Option<SharedFailure> {
        Some(Arc::new(failure.clone()))
    }

    fn unshare(shared: &(dyn Any + Send + Sync)) -> Option<E> {
        shared.downcast_ref().cloned()
    }
);
