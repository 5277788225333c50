//! A thread that says when a moment has come, to those whom no caller will tell: loads that wait for others to share a run with,
//! and waits that are to end where the program has no timer.
//! It is started when there is a moment to wait for, and gone again when there has been none for a while.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::still::Instant;
use crate::sync::{Bell, Mutex, StaticMutex};

/// Somebody to be told.
pub(crate) trait Sleeper: Send + Sync {
    /// The moment has come. Called with nothing locked.
    fn wake_up(self: Arc<Self>);
}

/// An alarm that is set, to cancel it by.
pub(crate) type Token = (Instant, u64);

/// How long the thread waits for something to do before it ends.
const PATIENCE: Duration = Duration::from_secs(10);

struct Alarms {
    set: BTreeMap<Token, Weak<dyn Sleeper>>,
    numbers: u64,
    /// The process whose thread there is, or 0: a process that was forked off has none.
    process: u32,
}

static ALARMS: StaticMutex<Alarms> =
    StaticMutex::new(Alarms { set: BTreeMap::new(), numbers: 0, process: 0 });
static BELL: Bell = Bell::new();

/// Has somebody told at that time. `None` where no thread can be had for it.
pub(crate) fn set(at: Instant, whom: Weak<dyn Sleeper>) -> Option<Token> {
    if cfg!(all(target_family = "wasm", target_os = "unknown")) {
        return None;
    }
    let process = std::process::id();
    let (token, start, is_first) = {
        let mut alarms = ALARMS.lock();
        alarms.numbers += 1;
        let token = (at, alarms.numbers);
        alarms.set.insert(token, whom);
        let start = std::mem::replace(&mut alarms.process, process) != process;
        (token, start, alarms.set.keys().next() == Some(&token))
    };
    if start && std::thread::Builder::new().name("memoize gather".to_owned()).spawn(work).is_err() {
        let mut alarms = ALARMS.lock();
        alarms.process = 0;
        alarms.set.remove(&token);
        return None;
    }
    if is_first {
        BELL.ring();
    }
    Some(token)
}

/// Takes an alarm back.
pub(crate) fn cancel(token: Token) {
    let whom = ALARMS.lock().set.remove(&token);
    drop(whom);
}

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
        if Instant::now() >= until {
            return Some(Poll::Ready(()));
        }
        let old = self.sleeper.0.lock().replace(waker.clone());
        drop(old);
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

fn work() {
    while let Some(whom) = next() {
        if let Some(whom) = whom.upgrade() {
            // Wakers are the executor's. A panic of theirs has been told by the hook.
            drop(catch_unwind(AssertUnwindSafe(|| whom.wake_up())));
        }
    }
}

/// Waits for the next alarm.
fn next() -> Option<Weak<dyn Sleeper>> {
    let begun = Instant::now();
    let mut alarms = ALARMS.lock();
    loop {
        let now = Instant::now();
        let rest = match alarms.set.first_key_value() {
            Some((&(at, _), _)) if at <= now => return alarms.set.pop_first().map(|(_, whom)| whom),
            Some((&(at, _), _)) => at - now,
            None => match PATIENCE.checked_sub(now - begun) {
                Some(rest) => rest,
                None => {
                    alarms.process = 0;
                    return None;
                }
            },
        };
        alarms = BELL.wait(alarms, Some(rest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

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
