//! The future of a call: a value that was there, or what is left to be done for one.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// See the module's words. What is left lies elsewhere, so that a hit moves no more than its value: the state of a load is
/// large, and an `async` block that might be a hit as well as a load would carry it along.
pub(crate) enum Call<R, F> {
    /// `None` once it was given.
    Ready(Option<R>),
    Rest(Pin<Box<F>>),
}

// Neither is ever pinned in here: the value is moved out, and what is left has a place of its own.
impl<R, F> Unpin for Call<R, F> {}

impl<R, F: Future<Output = R>> Call<R, F> {
    pub(crate) fn ready(value: R) -> Self {
        Self::Ready(Some(value))
    }

    pub(crate) fn rest(rest: F) -> Self {
        Self::Rest(Box::pin(rest))
    }
}

impl<R, F: Future<Output = R>> Future for Call<R, F> {
    type Output = R;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        match self.get_mut() {
            Self::Ready(value) => Poll::Ready(value.take().expect("a call is not polled after it has ended")),
            Self::Rest(rest) => rest.as_mut().poll(cx),
        }
    }
}
