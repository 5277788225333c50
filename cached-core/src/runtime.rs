//! What asynchronous functions need of the program's runtime, where they need anything: to spawn a task, and to sleep.
//!
//! An asynchronous function with `refresh_after` answers with the value that it has, and reloads it meanwhile in a task of its
//! own. This library knows no runtime, so a program says once how tasks are spawned:
//!
//! ```
//! cached_core::runtime::set_spawn(|task| {
//!     std::thread::spawn(|| { /* block_on(task), or your_runtime::spawn(task) */ drop(task) });
//! });
//! ```
//!
//! Without that, the caller that found the value old reloads it before it goes on, and others are answered meanwhile.
//!
//! A function with `load_timeout` or `soft_timeout` has to be woken when the time is over. A program says once how to sleep:
//!
//! ```
//! # async fn timer(_time: std::time::Duration) {}
//! cached_core::runtime::set_sleep(|time| timer(time)); // `tokio::time::sleep`, `smol::Timer::after` …
//! ```
//!
//! Without that, a thread of this library wakes them: it is started with the first such wait, serves all, and goes when there is
//! nothing to wait for. `soft_timeout` needs a way to spawn nevertheless, as its reloads have to go on without their callers: the first load
//! of such a function panics where there is none, and says so. In the [scope](crate::testing::isolate) of a test the scope's own clock ends
//! every sleep.
//!
//! With the feature `tokio` nothing has to be said: inside of a tokio runtime its `spawn` and its `sleep` are used, and so is its
//! paused time.

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

/// A task to be spawned: it ends with a reload, and brings nothing.
pub type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

static SPAWN: OnceLock<Box<dyn Fn(Task) + Send + Sync>> = OnceLock::new();

/// Says how tasks are spawned, for the whole program; whether that was the first time. Later ones change nothing.
pub fn set_spawn(spawn: impl Fn(Task) + Send + Sync + 'static) -> bool {
    SPAWN.set(Box::new(spawn)).is_ok()
}

/// A sleep.
pub(crate) type Timer = Pin<Box<dyn Future<Output = ()> + Send>>;

type Sleeps = Box<dyn Fn(Duration) -> Timer + Send + Sync>;

static SLEEP: OnceLock<Sleeps> = OnceLock::new();

/// Says how to sleep, for the whole program; whether that was the first time. Later ones change nothing.
///
/// `sleep` makes a future that ends when so much time has passed, not much later and not before. It is called in the task that
/// waits, when it is polled.
pub fn set_sleep<F>(sleep: impl Fn(Duration) -> F + Send + Sync + 'static) -> bool
where
    F: Future<Output = ()> + Send + 'static,
{
    SLEEP.set(Box::new(move |time| Box::pin(sleep(time)))).is_ok()
}

/// A sleep by the program's timer, where it has told of one.
pub(crate) fn sleep(time: Duration) -> Option<Timer> {
    if let Some(sleep) = SLEEP.get() {
        return Some(sleep(time));
    }
    #[cfg(feature = "tokio")]
    if tokio::runtime::Handle::try_current().is_ok() {
        return Some(Box::pin(tokio::time::sleep(time)));
    }
    let _ = time;
    None
}

/// Whether a task could be spawned here.
pub(crate) fn can_spawn() -> bool {
    #[cfg(feature = "tokio")]
    if SPAWN.get().is_none() {
        return tokio::runtime::Handle::try_current().is_ok();
    }
    SPAWN.get().is_some()
}

/// Spawns a task, where that [can be](can_spawn).
pub(crate) fn spawn(task: Task) {
    if let Some(spawn) = SPAWN.get() {
        spawn(task);
        return;
    }
    #[cfg(feature = "tokio")]
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        drop(runtime.spawn(task));
        return;
    }
    drop(task);
}
