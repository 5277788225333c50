//! The writes that are pending, in their order. Nothing here looks into a key: it is compared elsewhere, unlocked.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::WriteBehindInfo;
use crate::clock::{Clock, Time, deadline, is_past};
use crate::sync::{Bell, Mutex};

/// A value under a key.
pub(super) struct Write<K, V> {
    pub(super) hash: u64,
    pub(super) key: K,
    pub(super) value: V,
}

/// See the module's words.
pub(super) struct Log<K, V> {
    state: Mutex<State<K, V>>,
    /// Rung for the worker: there is something to do, or time has gone on.
    work: Bell,
    /// Rung for writers that wait for room, and for who waits for a flush.
    progress: Bell,
    pub(super) clock: Clock,
    /// So many do not wait for the interval: a batch full, or all that there is room for.
    enough: usize,
    interval: Duration,
    capacity: usize,
}

struct State<K, V> {
    writes: VecDeque<(Time, Arc<Write<K, V>>)>,
    /// The number of the first of them: how many have left.
    first: u64,
    /// Places taken, by writes and by those about to be entered.
    taken: usize,
    /// The number before which nothing waits for the interval.
    flush_to: u64,
    closed: bool,
    info: WriteBehindInfo,
    /// The number of the last write by some bits of its hash.
    last: Box<[u64]>,
    /// Tasks that wait for a flush.
    wakers: Vec<Waker>,
}

/// A flush that has begun: how many had died before, and the number that must have left.
#[derive(Clone, Copy)]
pub(super) struct Flush {
    dead: u64,
    target: u64,
}

/// How many numbers of last writes are kept: two keys that share one cost each other a look.
const LASTS: usize = 1024;

impl<K, V> Log<K, V> {
    pub(super) fn new(clock: Clock, max_batch: usize, interval: Duration, capacity: usize) -> Self {
        let state = State {
            writes: VecDeque::new(),
            first: 0,
            taken: 0,
            flush_to: 0,
            closed: false,
            info: WriteBehindInfo::default(),
            last: vec![0; LASTS].into_boxed_slice(),
            wakers: Vec::new(),
        };
        let (work, progress) = (Bell::default(), Bell::default());
        let enough = max_batch.min(capacity);
        Self { state: Mutex::new(state), work, progress, clock, enough, interval, capacity }
    }

    /// Takes a place for a write; `false` where there is none and it is not to wait for one.
    pub(super) fn reserve(&self, wait: bool) -> bool {
        let mut state = self.state.lock();
        while state.taken >= self.capacity {
            if !wait {
                state.info.rejected += 1;
                return false;
            }
            state = self.progress.wait(state, None);
        }
        state.taken += 1;
        true
    }

    /// Gives a place back that was taken.
    #[cfg(feature = "journal")]
    pub(super) fn give_back(&self) {
        self.state.lock().taken -= 1;
        self.progress.ring();
    }

    /// Enters a write whose place is taken; its number, from 1.
    pub(super) fn enter(&self, write: Arc<Write<K, V>>) -> u64 {
        let now = self.clock.now();
        let mut state = self.state.lock();
        let number = state.first + state.writes.len() as u64 + 1;
        state.last[place(write.hash)] = number;
        state.writes.push_back((now, write));
        state.info.accepted += 1;
        if state.writes.len() == 1 || state.writes.len() >= self.enough {
            self.work.ring();
        }
        number
    }

    /// Enters what was found in a journal, whatever the capacity.
    #[cfg(feature = "journal")]
    pub(super) fn enter_again(&self, write: Arc<Write<K, V>>) {
        self.state.lock().taken += 1;
        self.enter(write);
    }

    /// The number of the last write that may be of a key with this hash.
    pub(super) fn last(&self, hash: u64) -> u64 {
        self.state.lock().last[place(hash)]
    }

    /// The writes with this hash, oldest first.
    pub(super) fn alike(&self, hash: u64) -> Vec<Arc<Write<K, V>>> {
        let state = self.state.lock();
        let alike = state.writes.iter().filter(|(_, write)| write.hash == hash);
        alike.map(|(_, write)| Arc::clone(write)).collect()
    }

    /// Has all that is here now written without waiting for the interval.
    pub(super) fn begin_flush(&self) -> Flush {
        let mut state = self.state.lock();
        let flush = Flush { dead: state.info.dead, target: state.first + state.writes.len() as u64 };
        state.flush_to = state.flush_to.max(flush.target);
        self.work.ring();
        flush
    }

    /// Waits until all of it has left; how many have died meanwhile.
    pub(super) fn flush(&self) -> u64 {
        let flush = self.begin_flush();
        let mut state = self.state.lock();
        while state.first < flush.target {
            state = self.progress.wait(state, None);
        }
        state.info.dead - flush.dead
    }

    /// The same for a task.
    pub(super) fn poll_flush(&self, flush: Flush, cx: &Context<'_>) -> Poll<u64> {
        // Wakers belong to the executor: they are cloned with nothing locked.
        let waker = cx.waker().clone();
        let mut state = self.state.lock();
        if state.first >= flush.target {
            return Poll::Ready(state.info.dead - flush.dead);
        }
        if !state.wakers.iter().any(|other| other.will_wake(&waker)) {
            state.wakers.push(waker);
        }
        Poll::Pending
    }

    pub(super) fn close(&self) {
        self.state.lock().closed = true;
        self.work.ring();
    }

    /// Has the worker look at the clock.
    pub(super) fn tick(&self) {
        // Under the lock: the worker has then either seen the time or begun to wait.
        let _state = self.state.lock();
        self.work.ring();
    }

    pub(super) fn count(&self, count: impl FnOnce(&mut WriteBehindInfo)) {
        count(&mut self.state.lock().info);
    }

    pub(super) fn info(&self) -> WriteBehindInfo {
        let state = self.state.lock();
        WriteBehindInfo { pending: state.writes.len() as u64, ..state.info.clone() }
    }

    /// Waits until a batch is due; the first writes, at most so many. `None` when all is written and nothing will come.
    pub(super) fn next(&self, most: usize) -> Option<Vec<Arc<Write<K, V>>>> {
        let mut state = self.state.lock();
        loop {
            let rest = match state.writes.front() {
                None if state.closed => return None,
                None => None,
                Some((since, _)) => {
                    let due = deadline(*since, self.interval);
                    let ready =
                        state.closed || state.flush_to > state.first || state.writes.len() >= self.enough;
                    let now = self.clock.now();
                    if ready || is_past(due, now) {
                        return Some(
                            state.writes.iter().take(most).map(|(_, write)| Arc::clone(write)).collect(),
                        );
                    }
                    self.rest(now, due)
                }
            };
            state = self.work.wait(state, rest);
        }
    }

    /// Waits until some time has gone by since then; no longer than it makes sense to.
    pub(super) fn pause(&self, since: Time, time: Duration) {
        let until = deadline(since, time);
        let mut state = self.state.lock();
        loop {
            let now = self.clock.now();
            // A test's clock that nobody will turn any more must not keep the last writes.
            let stands = state.closed && matches!(self.clock, Clock::Manual(_));
            if is_past(until, now) || stands {
                return;
            }
            state = self.work.wait(state, self.rest(now, until));
        }
    }

    /// How long a thread may sleep until then. A clock that is turned by hand rings when it is.
    fn rest(&self, now: Time, until: Time) -> Option<Duration> {
        match self.clock {
            Clock::System => Some(Duration::from_nanos(until - now)),
            Clock::Manual(_) => None,
        }
    }

    /// The first writes have been dealt with. They are given back, as to drop them is user code.
    #[must_use]
    pub(super) fn leave(
        &self,
        writes: usize,
        count: impl FnOnce(&mut WriteBehindInfo),
    ) -> Vec<Arc<Write<K, V>>> {
        let (left, wakers) = {
            let mut state = self.state.lock();
            state.first += writes as u64;
            state.taken -= writes;
            count(&mut state.info);
            let left = state.writes.drain(..writes).map(|(_, write)| write).collect();
            (left, std::mem::take(&mut state.wakers))
        };
        self.progress.ring();
        wakers.into_iter().for_each(Waker::wake);
        left
    }
}

fn place(hash: u64) -> usize {
    (hash >> 32) as usize % LASTS
}
