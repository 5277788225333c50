//! Says when a moment has come, to those whom no caller will tell: loads that wait for others to share a run with, and waits that
//! are to end where the program has no timer.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::still::Instant;
use crate::sync::Mutex;

#[cfg_attr(shuttle, path = "explored.rs")]
mod thread;

pub(crate) use thread::{cancel, set};

/// Somebody to be told.
pub(crate) trait Sleeper: Send + Sync {
    /// The moment has come. Called with nothing locked.
    fn wake_up(self: Arc<Self>);
}

/// An alarm that is set, to cancel it by.
pub(crate) type Token = (Instant, u64);

/// A sleep that the thread ends.
pub(crate) struct Sleep {
    until: Option<Instant>,
    token: Option<Token>,
    sleeper: Arc<Asleep>,
}

#[derive(Default)]
struct Asleep(Mutex<Option<Waker>>);

impl Sleeper for Asleep {
    fn wake_up(self: Arc<Self>) {
        let waker = self.0.lock().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Sleep {
    pub(crate) fn new(time: Duration) -> Self {
        Self { until: Instant::now().checked_add(time), token: None, sleeper: Arc::default() }
    }

    /// Whether it is over; whoever this wakes is told of it. `None` where no thread can be had.
    pub(crate) fn poll_by(&mut self, waker: &Waker) -> Option<Poll<()>> {
        // Beyond the end of time.
        let Some(until) = self.until else { return Some(Poll::Pending) };
        // Before it looks: what goes off after that tells this waker, not one of before.
        let own = waker.clone();
        let old = self.sleeper.0.lock().replace(own);
        drop(old);
        if Instant::now() >= until {
            return Some(Poll::Ready(()));
        }
        if self.token.is_none() {
            let sleeper = Arc::downgrade(&self.sleeper);
            self.token = set(until, sleeper);
        }
        self.token.map(|_| Poll::Pending)
    }
}

impl Future for Sleep {
    type Output = ();

    /// # Panics
    /// If no thread can be had.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_by(cx.waker()).expect(
            "there is no timer, and no thread can be had for one: call `cached_core::runtime::set_sleep`",
        )
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(token) = self.token.take() {
            cancel(token);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Weak, mpsc};

    struct Teller(mpsc::Sender<u32>, u32);

    impl Sleeper for Teller {
        fn wake_up(self: Arc<Self>) {
            self.0.send(self.1).expect("the test waits");
            assert!(self.1 != 2, "a panic that nobody sees");
        }
    }

    #[test]
    fn alarms_go_off_in_their_order_but_for_those_that_were_cancelled() {
        let (tell, told) = mpsc::channel();
        let tellers: Vec<_> = (0..5).map(|number| Arc::new(Teller(tell.clone(), number))).collect();
        let now = Instant::now();
        let tokens: Vec<_> = tellers
            .iter()
            .map(|teller| {
                let at = now + Duration::from_millis(u64::from(5 - teller.1));
                let weak: Weak<dyn Sleeper> = Arc::downgrade(teller) as _;
                set(at, weak).expect("threads can be had")
            })
            .collect();
        // Long before its time, unless this thread was held up until then.
        cancel(tokens[0]);
        let order: Vec<_> = (0..4).map(|_| told.recv().expect("it is told")).collect();
        let order: Vec<_> = order.into_iter().filter(|number| *number != 0).collect();
        assert!(order.is_sorted_by(|a, b| a > b), "{order:?}");
    }
}
