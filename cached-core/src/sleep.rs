//! Waiting until a time has come: by the program's timer, by a thread of our own where it has none, or by a test's clock.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::alarm;
use crate::clock::{Clock, NEVER, Time, deadline};
use crate::runtime::{self, Timer};

/// A sleep that the program's timer ends is not begun for less than that: a clock that does not move must not keep a
/// processor busy.
const SHORTEST: Duration = Duration::from_millis(1);
/// How often a test's clock is looked at that follows another, where no timer of the program's follows that, too.
const TICK: Duration = Duration::from_millis(5);

/// Ends when a clock has come to a time.
pub(crate) struct Sleep {
    clock: Clock,
    until: Time,
    /// Its number among those who are told when a test's clock moves.
    number: Option<u64>,
    timer: Option<Timer>,
}

impl Sleep {
    pub(crate) fn new(clock: &Clock, time: Duration) -> Self {
        Self::until(clock, deadline(clock.now(), time))
    }

    pub(crate) fn until(clock: &Clock, until: Time) -> Self {
        Self { clock: clock.clone(), until, number: None, timer: None }
    }

    fn begin(&self, time: Duration) -> Timer {
        runtime::sleep(time).unwrap_or_else(|| {
            let runs_with_the_machine = match &self.clock {
                Clock::System => true,
                Clock::Manual(clock) => clock.is_machines(),
            };
            Box::pin(alarm::Sleep::new(if runs_with_the_machine { time } else { time.min(TICK) }))
        })
    }

    fn left(&self) -> Option<Duration> {
        let left = self.until.checked_sub(self.clock.now()).filter(|left| *left > 0)?;
        Some(Duration::from_nanos(left))
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        if this.until == NEVER {
            return Poll::Pending;
        }
        let is_systems = match &this.clock {
            Clock::System => true,
            Clock::Manual(clock) => {
                clock.gate().register(&mut this.number, cx.waker());
                false
            }
        };
        loop {
            let Some(left) = this.left() else { return Poll::Ready(()) };
            if this.timer.is_none() {
                let is_moved_by_hand = matches!(&this.clock, Clock::Manual(clock) if !clock.is_led());
                this.timer = if is_moved_by_hand { None } else { Some(this.begin(left.max(SHORTEST))) };
            }
            let Some(timer) = &mut this.timer else { return Poll::Pending };
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            this.timer = None;
            // The program's timer is right in what concerns the system's clock: it may run by a time of its own in tests.
            if is_systems {
                return Poll::Ready(());
            }
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Clock::Manual(clock) = &self.clock {
            clock.gate().leave(self.number);
        }
    }
}
