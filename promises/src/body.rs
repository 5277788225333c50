//! What the memoized functions do: whatever the case at hand says.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::sync::Semaphore;

/// Runs of any body.
static RUNS: AtomicU32 = AtomicU32::new(0);

type Body = Box<dyn Fn(u64) -> u64 + Send + Sync>;

static BODY: OnceLock<Body> = OnceLock::new();

/// Says what the body is to do. Once a process: each case has one of its own.
pub(crate) fn set(body: impl Fn(u64) -> u64 + Send + Sync + 'static) {
    assert!(BODY.set(Box::new(body)).is_ok(), "one case a process");
}

pub(crate) fn runs() -> u32 {
    RUNS.load(Ordering::SeqCst)
}

pub(crate) fn run(key: u64) -> u64 {
    RUNS.fetch_add(1, Ordering::SeqCst);
    BODY.get().map_or(key, |body| body(key))
}

/// An error that can be cloned.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure;

pub(crate) fn fail(key: u64) -> Result<u64, Failure> {
    run(key);
    Err(Failure)
}

/// Lets bodies of tasks go on.
pub(crate) static GO: Semaphore = Semaphore::const_new(0);

pub(crate) async fn wait(key: u64) -> u64 {
    RUNS.fetch_add(1, Ordering::SeqCst);
    if let Ok(permit) = GO.acquire().await {
        permit.forget();
    }
    key
}

/// Whether the next clone of a [`Fragile`] panics.
pub(crate) static ARMED: AtomicBool = AtomicBool::new(false);

/// A value whose clone may panic.
#[derive(Debug)]
pub(crate) struct Fragile(pub(crate) u64);

impl Clone for Fragile {
    fn clone(&self) -> Self {
        assert!(!ARMED.swap(false, Ordering::SeqCst), "a clone that panics");
        Self(self.0)
    }
}
