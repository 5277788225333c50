//! Scopes taken along: into futures, and to whoever else runs a load.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};

use super::{CURRENT, Scope, close, open};

/// The scopes that a thread is in, to be entered by whoever goes on with its work.
#[derive(Clone)]
pub(crate) struct Carried(Vec<Scope>);

/// Those of this thread.
pub(crate) fn carried() -> Carried {
    Carried(CURRENT.try_with(|current| current.borrow().clone()).unwrap_or_default())
}

impl Carried {
    /// Enters these scopes and no others, until the answer is dropped.
    pub(crate) fn enter(&self) -> Exchanged {
        Exchanged(exchange(self.0.clone()))
    }

    /// A future that is polled, and ends, in these scopes.
    pub(crate) async fn run<F: Future>(self, future: F) -> F::Output {
        inside(|| self.enter(), future).await
    }
}

/// See [`Carried::enter`]. Holds the scopes that the thread was in before.
pub(crate) struct Exchanged(Vec<Scope>);

impl Drop for Exchanged {
    fn drop(&mut self) {
        drop(exchange(std::mem::take(&mut self.0)));
    }
}

/// Puts a thread into these scopes; those it was in. What it leaves is dropped by the caller, as drops may call anything.
fn exchange(scopes: Vec<Scope>) -> Vec<Scope> {
    scopes.iter().for_each(close);
    let left = CURRENT.try_with(|current| current.replace(scopes)).unwrap_or_default();
    left.iter().for_each(open);
    left
}

/// Polls a future inside of what `enter` gives, and drops it there, too.
pub(super) async fn inside<F: Future, G>(enter: impl Fn() -> G, future: F) -> F::Output {
    let slot = pin!(Some(future));
    let mut stay = Stay { slot, enter };
    poll_fn(|cx| {
        let _entered = (stay.enter)();
        stay.slot.as_mut().as_pin_mut().expect("it is there until it is dropped").poll(cx)
    })
    .await
}

struct Stay<'a, F, G, E: Fn() -> G> {
    slot: Pin<&'a mut Option<F>>,
    enter: E,
}

impl<F, G, E: Fn() -> G> Drop for Stay<'_, F, G, E> {
    fn drop(&mut self) {
        let _entered = (self.enter)();
        self.slot.set(None);
    }
}
