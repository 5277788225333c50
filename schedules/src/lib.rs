//! Interleavings of threads and tasks, explored one by one.
//!
//! Under `--cfg shuttle` the library takes its locks, its atomics and its thread locals from `shuttle`, which runs one thread
//! at a time and decides at each of them who goes on. `scripts/schedules` runs this.
#![cfg(shuttle)]

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::sync::Condvar;
use shuttle::sync::atomic::{AtomicBool, Ordering};
use shuttle::{Config, Runner};

/// Runs a scenario under many schedules: `SCHEDULES` of them, 10,000 if that is not set; half of them by chance, half
/// with few, well-aimed changes of thread.
pub fn explore(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    // The library's own statics belong to one exploration at a time.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let schedules = std::env::var("SCHEDULES").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let config = || {
        let mut config = Config::new();
        config.stack_size = 1 << 18;
        config
    };
    // Inside: the explorer has set its own hook by then, which would tell of every panic that a scenario expects.
    let scenario = move || {
        quiet();
        scenario();
    };
    Runner::new(RandomScheduler::new(schedules / 2), config()).run(scenario);
    Runner::new(PctScheduler::new(3, schedules - schedules / 2), config()).run(scenario);
}

/// Others may go on here. To yield would do so too, but has those schedules that change threads rarely let all others go first.
pub fn pause() {
    AtomicBool::new(false).load(Ordering::SeqCst);
}

/// Tells the task of a thread.
#[derive(Default)]
struct Alarm {
    woken: shuttle::sync::Mutex<bool>,
    rung: Condvar,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap() = true;
        self.rung.notify_one();
    }
}

/// Runs a task, which is polled when it was woken, and never else. The explorer's own executor polls once more after its thread
/// had to wait for a lock, and so does not see some of the wake-ups that are missing; but its `JoinHandle`s want no other.
///
/// # Panics
/// As the task does.
pub fn block_on<F: Future>(task: F) -> F::Output {
    let mut task = pin!(task);
    let alarm = Arc::new(Alarm::default());
    let waker = Waker::from(Arc::clone(&alarm));
    loop {
        if let Poll::Ready(output) = task.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        let woken = alarm.woken.lock().unwrap();
        let mut woken = alarm.rung.wait_while(woken, |woken| !*woken).unwrap();
        *woken = false;
    }
}

/// What is thrown in bodies that are to panic: told to nobody.
#[derive(Debug)]
pub struct Boom;

/// Panics without a word.
pub fn boom() -> ! {
    std::panic::resume_unwind(Box::new(Boom))
}

/// The text of a panic, or the result.
///
/// # Errors
/// The text.
pub fn caught<R>(call: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|panic| match panic.downcast::<String>() {
        Ok(text) => *text,
        // What the explorer itself throws must not be stopped.
        Err(panic) if panic.is::<Boom>() => String::from("boom"),
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

/// What scenarios panic with on purpose, by the thousand.
const EXPECTED: [&str; 2] = ["cyclic memoized call", "a batch of 1 keys was answered with 0"];

fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let text = info.payload().downcast_ref::<String>();
            if !text.is_some_and(|text| EXPECTED.iter().any(|start| text.starts_with(start))) {
                loud(info);
            }
        }));
    });
}
