//! Bodies that may run for so long and no longer: `load_timeout`.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::clock::Clock;
use crate::late::LoadTimeout;
use crate::ride::Led;
use crate::sleep::Sleep;

/// How long a load may take.
pub(crate) struct Limit {
    timeout: LoadTimeout,
    sleep: Sleep,
}

impl Limit {
    /// From now on.
    pub(crate) fn new(name: &'static str, clock: &Clock, after: Duration) -> Self {
        Self { timeout: LoadTimeout::new(name, after), sleep: Sleep::new(clock, after) }
    }
}

/// A body while it runs, for so long as it may.
pub(crate) struct Limited<F: ?Sized> {
    led: Option<Led<F>>,
    limit: Option<Limit>,
}

impl<F: ?Sized> Limited<F> {
    pub(crate) fn new(led: Led<F>, limit: Option<Limit>) -> Self {
        Self { led: Some(led), limit }
    }
}

impl<F: Future + ?Sized> Future for Limited<F> {
    type Output = Result<F::Output, LoadTimeout>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let led = this.led.as_mut().expect("a load is not polled after its end");
        if let Poll::Ready(output) = Pin::new(led).poll(cx) {
            return Poll::Ready(Ok(output));
        }
        let Some(limit) = &mut this.limit else { return Poll::Pending };
        if Pin::new(&mut limit.sleep).poll(cx).is_pending() {
            return Poll::Pending;
        }
        let timeout = limit.timeout;
        // Here, where a panic of what it drops is that of the load.
        this.led = None;
        Poll::Ready(Err(timeout))
    }
}
