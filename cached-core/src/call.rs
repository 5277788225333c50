//! The future of a call: a value that was there, or what is left to be done for one.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::outcome::Outcome;

/// See the module's words. What is left lies elsewhere, so that a hit moves no more than its value: the state of a load is
/// large, and an `async` block that might be a hit as well as a load would carry it along. It holds what is kept and not what is returned,
/// whose error need not be `Send`.
pub(crate) enum Call<V, R, F, const MODE: u8> {
    /// `None` once it was given.
    Ready(Option<V>, PhantomData<fn() -> R>),
    Rest(Pin<Box<F>>),
}

// Neither is ever pinned in here: the value is moved out, and what is left has a place of its own.
impl<V, R, F, const MODE: u8> Unpin for Call<V, R, F, MODE> {}

impl<V, R: Outcome<MODE, Kept = V>, F: Future<Output = R>, const MODE: u8> Call<V, R, F, MODE> {
    pub(crate) fn ready(value: V) -> Self {
        Self::Ready(Some(value), PhantomData)
    }

    pub(crate) fn rest(rest: F) -> Self {
        Self::Rest(Box::pin(rest))
    }
}

impl<V, R: Outcome<MODE, Kept = V>, F: Future<Output = R>, const MODE: u8> Future for Call<V, R, F, MODE> {
    type Output = R;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        match self.get_mut() {
            Self::Ready(value, _) => {
                Poll::Ready(R::from_kept(value.take().expect("a call is not polled after it has ended")))
            }
            Self::Rest(rest) => rest.as_mut().poll(cx),
        }
    }
}
