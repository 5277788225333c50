//! What asynchronous functions need of the program's runtime, where they need anything: to spawn a task.
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
//! With the feature `tokio` nothing has to be said: inside of a tokio runtime its `spawn` is used. Without either, the
//! caller that found the value old reloads it before it goes on, and others are answered meanwhile.

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;

/// A task to be spawned: it ends with a reload, and brings nothing.
pub type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

static SPAWN: OnceLock<Box<dyn Fn(Task) + Send + Sync>> = OnceLock::new();

/// Says how tasks are spawned, for the whole program; whether that was the first time. Later ones change nothing.
pub fn set_spawn(spawn: impl Fn(Task) + Send + Sync + 'static) -> bool {
    SPAWN.set(Box::new(spawn)).is_ok()
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
