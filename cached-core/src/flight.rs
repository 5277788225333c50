//! One running load, and the place where those meet who wait for it.
//!
//! Most loads end without anybody waiting, so a flight is small, and all that waiting needs is made by the first who
//! waits. [`Flights`](crate::flights::Flights) is the list of them, [`Lease`](crate::lease::Lease) the right to land one.

use std::any::Any;
use std::fmt;
use std::mem::needs_drop;
use std::sync::{Arc, OnceLock};

use crate::clock::Time;
use crate::context::{self, Frame};
use crate::gate::Gate;
use crate::late::LoadTimeout;
use crate::outcome::{Outcome, SharedFailure};
use crate::ride::Ride;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Mutex, assert_unguarded};
use crate::tagging::Begun;

/// How a load is named to people: `price(7, "EUR")`.
pub(crate) struct Label<K> {
    /// The function's name, without its path.
    pub(crate) name: &'static str,
    /// How its key is shown, where it can be.
    pub(crate) debug: Option<fn(&K, &mut fmt::Formatter<'_>) -> fmt::Result>,
    /// Whether the key is a tuple of arguments and so brings the parentheses along.
    pub(crate) tuple: bool,
}

impl<K> Clone for Label<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Label<K> {}

impl<K> Label<K> {
    pub(crate) fn fmt(&self, key: &K, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        match self.debug {
            None => f.write_str("(..)"),
            Some(debug) if self.tuple => debug(key, f),
            Some(debug) => {
                f.write_str("(")?;
                debug(key, f)?;
                f.write_str(")")
            }
        }
    }
}

/// What a load brought for those who waited.
pub(crate) enum Landing<V> {
    Value(V),
    /// The value of before, in the place of a failure.
    Old(V),
    Failure(SharedFailure),
    /// It took longer than it may.
    Late(LoadTimeout),
    /// Nothing that could be shared, a panic for one: whoever waited sees for himself.
    Nothing,
}

impl<V: Clone> Landing<V> {
    /// The return value that it stands for, where it could be shared. Runs user code.
    pub(crate) fn told<R: Outcome<MODE, Kept = V>, const MODE: u8>(&self) -> Option<R> {
        assert_unguarded();
        match self {
            Self::Value(value) | Self::Old(value) => Some(R::from_kept(value.clone())),
            Self::Failure(failure) => R::unshare(&**failure).map(R::from_failure),
            Self::Late(late) => R::late(*late).map(R::from_failure),
            Self::Nothing => None,
        }
    }
}

/// Where those who wait for a load meet.
pub(crate) struct Meeting<V> {
    landing: OnceLock<Landing<V>>,
    pub(crate) gate: Gate,
    /// Where tasks ride along: what they drive.
    pub(crate) ride: Ride,
}

/// What a load is for, where that is not merely to answer a call.
pub(crate) enum Purpose<K> {
    /// A `refresh`; keys are compared like this.
    Refresh(fn(&K, &K) -> bool),
    /// An entry has grown old: until this time it stores only in its place.
    Reload(Time),
}

/// What is told of a load that is about to run.
pub(crate) struct Draft<K> {
    hash: u64,
    key: K,
    tags: Option<Box<Begun>>,
    parent: Option<Arc<dyn Frame>>,
    process: u32,
}

impl<K> Draft<K> {
    /// One that this thread is to run.
    #[inline]
    pub(crate) fn new(hash: u64, key: K, tags: Option<Box<Begun>>) -> Self {
        Self { hash, key, tags, parent: context::current(), process: process::known() }
    }

    /// One that began in this process, in no other load.
    pub(crate) fn bare(hash: u64, key: K, process: u32) -> Self {
        Self { hash, key, tags: None, parent: None, process }
    }
}

/// One running load.
pub(crate) struct Flight<K, V> {
    pub(crate) hash: u64,
    pub(crate) key: K,
    label: Label<K>,
    /// Its tags, where the cache has some.
    pub(crate) tags: Option<Box<Begun>>,
    /// The process that it began in, as far as that was known.
    process: u32,
    /// The address of the list it belongs to: to compare with, nothing else.
    pub(crate) home: usize,
    /// The load it was called from, until it lands: a chain of loads must not be kept alive by who waited for one.
    parent: Mutex<Option<Arc<dyn Frame>>>,
    /// Whether there is one.
    is_nested: bool,
    /// Set once, where it is not the load of a call that found nothing.
    purpose: OnceLock<Purpose<K>>,
    /// Whether it is over: for its lease alone.
    ended: AtomicBool,
    /// Whether anybody waits or is about to.
    joined: AtomicBool,
    /// Whether it has lost its lease.
    revoked: AtomicBool,
    /// Whether it has lost it to another writer of its key.
    superseded: AtomicBool,
    /// Whether it is loaded by a run of a batch, which then stands in the place of the load it was called from.
    batched: AtomicBool,
    meeting: OnceLock<Box<Meeting<V>>>,
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Flight<K, V> {
    #[inline]
    pub(crate) fn new(home: usize, label: Label<K>, draft: Draft<K>) -> Self {
        let Draft { hash, key, tags, parent, process } = draft;
        Self {
            hash,
            key,
            label,
            tags,
            process,
            home,
            is_nested: parent.is_some(),
            parent: Mutex::new(parent),
            purpose: OnceLock::new(),
            ended: AtomicBool::new(false),
            joined: AtomicBool::new(false),
            revoked: AtomicBool::new(false),
            superseded: AtomicBool::new(false),
            batched: AtomicBool::new(false),
            meeting: OnceLock::new(),
        }
    }

    /// Makes the memory of one that [is done with](Self::leaves_only_memory) that of another. Runs no user code.
    #[inline]
    pub(crate) fn refill(&mut self, draft: Draft<K>) {
        let Draft { hash, key, tags, parent, process } = draft;
        (self.hash, self.key, self.tags, self.process) = (hash, key, tags, process);
        (self.is_nested, self.parent) = (parent.is_some(), Mutex::new(parent));
        self.ended = AtomicBool::new(false);
    }

    /// Whether the memory of this load, which has ended under its lease, may become another's under the lock of its list: then
    /// nothing that has a drop may lie in it, nor anything that was said of this load alone.
    #[inline]
    pub(crate) fn leaves_only_memory(&self) -> bool {
        debug_assert!(self.has_ended() && !self.is_revoked() && !self.is_superseded());
        let is_known = self.is_joined() || self.is_batched() || self.meeting.get().is_some();
        let is_plain = !self.is_nested && self.tags.is_none() && self.purpose.get().is_none();
        !needs_drop::<K>() && is_plain && !is_known
    }

    #[inline]
    fn is_batched(&self) -> bool {
        self.batched.load(Ordering::Acquire)
    }

    /// Notes the run of a batch that loads it.
    pub(crate) fn run_in(&self, chunk: Arc<dyn Frame>) {
        let caller = self.parent.lock().replace(chunk);
        drop(caller);
        self.batched.store(true, Ordering::Release);
    }

    pub(crate) fn meeting(&self) -> &Meeting<V> {
        self.meeting.get_or_init(|| {
            Box::new(Meeting { landing: OnceLock::new(), gate: Gate::default(), ride: Ride::default() })
        })
    }

    /// Waits for the load to land. Panics where waiting would never end, naming the cycle.
    pub(crate) fn wait(self: &Arc<Self>) -> &Landing<V> {
        let meeting = self.meeting();
        if meeting.landing.get().is_none() {
            let frame: Arc<dyn Frame> = Arc::clone(self) as _;
            let waiting = context::wait_for(&frame).unwrap_or_else(|circle| circle.report());
            meeting.gate.wait();
            drop(waiting);
        }
        meeting.landing.get().expect("the gate opens after the landing")
    }

    /// Whether its leader was a thread of a process that this one was forked off: it will never land here. May be said of a
    /// load of this process, too, if it began before anybody asked; then there are two.
    pub(crate) fn is_orphaned(&self) -> bool {
        self.process != process::now()
    }

    /// Whether one of its tags has been invalidated since it began: whoever calls from then on must not get what it brings.
    pub(crate) fn is_outdated(&self) -> bool {
        self.tags.as_ref().is_some_and(|tags| tags.is_outdated())
    }

    /// Somebody is about to wait: said under the lock of the list, so that the leader, who leaves the list under that
    /// lock, knows whether to keep its result to itself.
    pub(crate) fn join(&self) {
        self.joined.store(true, Ordering::Relaxed);
    }

    /// Whether anybody waits for it. Certain once it has left the list.
    pub(crate) fn is_joined(&self) -> bool {
        self.joined.load(Ordering::Relaxed)
    }

    pub(crate) fn set_purpose(&self, purpose: Purpose<K>) {
        let set = self.purpose.set(purpose);
        debug_assert!(set.is_ok(), "a load has one purpose");
    }

    #[inline]
    pub(crate) fn purpose(&self) -> Option<&Purpose<K>> {
        self.purpose.get()
    }

    #[inline]
    pub(crate) fn set_ended(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// It has lost its lease.
    pub(crate) fn revoke(&self) {
        self.revoked.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_revoked(&self) -> bool {
        self.revoked.load(Ordering::Relaxed)
    }

    /// Another writer of the key has taken its lease.
    pub(crate) fn supersede(&self) {
        self.superseded.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_superseded(&self) -> bool {
        self.superseded.load(Ordering::Relaxed)
    }

    /// What the load brought, once it has landed.
    pub(crate) fn landing(&self) -> Option<&Landing<V>> {
        self.meeting.get()?.landing.get()
    }

    #[cold]
    pub(crate) fn land(&self, landing: Landing<V>) {
        let meeting = self.meeting();
        // The first counts: a second comes from the end of the lease.
        if meeting.landing.set(landing).is_err() {
            return;
        }
        let parent = self.parent.lock().take();
        drop(parent);
        meeting.gate.open();
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Frame for Flight<K, V> {
    fn parent(&self) -> Option<Arc<dyn Frame>> {
        self.parent.lock().clone()
    }

    fn has_landed(&self) -> bool {
        self.landing().is_some()
    }

    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.label.fmt(&self.key, f)
    }

    fn runs_in(&self) -> Option<Arc<dyn Frame>> {
        if self.is_batched() { self.parent() } else { None }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Which process this is. To ask the system is too much for every load; whoever is to wait does.
pub(crate) mod process {
    use std::sync::atomic::{AtomicU32, Ordering};

    static KNOWN: AtomicU32 = AtomicU32::new(0);

    /// What was found out last; 0 if nobody has asked.
    #[inline]
    pub(crate) fn known() -> u32 {
        match KNOWN.load(Ordering::Relaxed) {
            0 => now(),
            known => known,
        }
    }

    #[cold]
    pub(super) fn now() -> u32 {
        // There is but one where `std` has no word for them.
        let now =
            if cfg!(all(target_family = "wasm", target_os = "unknown")) { 1 } else { std::process::id() };
        KNOWN.store(now, Ordering::Relaxed);
        now
    }
}
