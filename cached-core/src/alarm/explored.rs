//! In the thread's place under a schedule explorer: each alarm is a thread of the scenario's, which goes off when the explorer
//! lets it, early or late. By then it is that time.

use std::sync::Weak;

use super::{Sleeper, Token};
use crate::still::Instant;
use crate::sync::thread;

/// Has somebody told at that time.
#[expect(clippy::unnecessary_wraps, reason = "the other one may have no thread")]
pub(crate) fn set(at: Instant, whom: Weak<dyn Sleeper>) -> Option<Token> {
    thread::spawn(move || {
        if let Some(whom) = whom.upgrade() {
            at.come();
            whom.wake_up();
        }
    });
    Some((at, 0))
}

/// Takes an alarm back: whoever has gone is told nothing, and who has not is told for no reason.
pub(crate) fn cancel(_: Token) {}
