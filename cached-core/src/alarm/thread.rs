//! The thread: started when there is a moment to wait for, and gone again when there has been none for a while.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Weak;
use std::time::Duration;

use super::{Sleeper, Token};
use crate::still::Instant;
use crate::sync::{Bell, StaticMutex};

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
