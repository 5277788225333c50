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
use crate::key::{Args, Lookup};
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

/// The key of a load, whatever its type is.
pub(crate) trait AnyKey: Send + Sync {
    /// For its own cache, which knows the type.
    fn as_any(&self) -> &dyn Any;
    /// Where it lies, an `Option`: see [`Room`].
    fn place(&mut self) -> &mut dyn Any;
    /// How a load of it is named.
    fn title(&self) -> Title;
    /// The key alone, if it can be shown.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result>;
    fn needs_drop(&self) -> bool;
}

/// Where the key of a load lies that nobody may ever ask for: once one has been there, the next takes its place.
pub(crate) type Room = Option<Box<dyn AnyKey>>;

/// What of a [`Label`] does not depend on the key's type.
#[derive(Clone, Copy)]
pub(crate) struct Title {
    name: &'static str,
    tuple: bool,
}

impl Title {
    /// A load, as people are told of it, by what shows its key if that can be shown.
    fn fmt(
        self,
        f: &mut fmt::Formatter<'_>,
        show: &dyn Fn(&mut fmt::Formatter<'_>) -> Option<fmt::Result>,
    ) -> fmt::Result {
        let (open, close, hidden) = if self.tuple { ("", "", "(..)") } else { ("(", ")", "..") };
        f.write_str(self.name)?;
        f.write_str(open)?;
        show(f).unwrap_or_else(|| f.write_str(hidden))?;
        f.write_str(close)
    }
}

/// A key, and how a load of it is named. It is there unless a room is empty.
struct Named<K>(Option<K>, Label<K>);

impl<K> Named<K> {
    fn key(&self) -> &K {
        self.0.as_ref().expect("a load has a key")
    }
}

impl<K: Send + Sync + 'static> AnyKey for Named<K> {
    fn as_any(&self) -> &dyn Any {
        self.key()
    }

    fn place(&mut self) -> &mut dyn Any {
        &mut self.0
    }

    fn title(&self) -> Title {
        self.1.title()
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        self.1.show(self.key(), f)
    }

    fn needs_drop(&self) -> bool {
        needs_drop::<K>()
    }
}

/// The key that lies in a room, taken out. No user code.
pub(crate) fn take_key<K: 'static>(room: &mut dyn AnyKey) -> Option<K> {
    place(room).take()
}

fn place<K: 'static>(room: &mut dyn AnyKey) -> &mut Option<K> {
    room.place().downcast_mut().expect("a cache has keys of one type")
}

/// Whether two keys of a cache's are the same, as its function's arguments are compared. User code.
pub(crate) fn same_keys<A: Args>(one: &dyn Any, other: &dyn Any) -> bool
where
    A::Key: 'static,
{
    let keys = one.downcast_ref().zip(other.downcast_ref());
    keys.is_some_and(|(one, other)| A::same(one, other))
}

/// Whether another key is the one that is looked for. User code. (A cache's own keys are of one type; others may be asked about.)
pub(crate) fn matching<K: 'static>(key: &impl Lookup<K>) -> impl Fn(&dyn Any) -> bool {
    |other| other.downcast_ref().is_some_and(|other| key.matches(other))
}

impl<K> Label<K> {
    /// A key, named.
    pub(crate) fn name_key(self, key: Option<K>) -> Box<dyn AnyKey>
    where
        K: Send + Sync + 'static,
    {
        Box::new(Named(key, self))
    }

    /// Moves a key into a room. No user code.
    pub(crate) fn put(self, key: &mut Option<K>, room: &mut Room)
    where
        K: Send + Sync + 'static,
    {
        match room {
            Some(room) => *place(&mut **room) = key.take(),
            None => *room = Some(self.name_key(key.take())),
        }
    }

    fn title(&self) -> Title {
        Title { name: self.name, tuple: self.tuple }
    }

    fn show(&self, key: &K, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        self.debug.map(|debug| debug(key, f))
    }

    pub(crate) fn fmt(&self, key: &K, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.title().fmt(f, &|f| self.show(key, f))
    }
}

/// A value of the cache's.
pub(crate) type AnyValue = Box<dyn Any + Send + Sync>;

/// What a load brought for those who waited.
pub(crate) enum Landing {
    Value(AnyValue),
    /// The value of before, in the place of a failure.
    Old(AnyValue),
    Failure(SharedFailure),
    /// It took longer than it may.
    Late(LoadTimeout),
    /// Nothing that could be shared, a panic for one: whoever waited sees for himself.
    Nothing,
}

impl Landing {
    pub(crate) fn value(value: impl Send + Sync + 'static) -> Self {
        Self::Value(Box::new(value))
    }

    pub(crate) fn old(value: impl Send + Sync + 'static) -> Self {
        Self::Old(Box::new(value))
    }

    /// The value, if it is a new one.
    pub(crate) fn fresh<V: 'static>(&self) -> Option<&V> {
        if let Self::Value(value) = self { Some(typed(value)) } else { None }
    }

    /// The return value that it stands for, where it could be shared. Runs user code.
    pub(crate) fn told<R: Outcome<MODE>, const MODE: u8>(&self) -> Option<R>
    where
        R::Kept: Clone + 'static,
    {
        assert_unguarded();
        match self {
            Self::Value(value) | Self::Old(value) => Some(R::from_kept(typed::<R::Kept>(value).clone())),
            Self::Failure(failure) => R::unshare(&**failure).map(R::from_failure),
            Self::Late(late) => R::late(*late).map(R::from_failure),
            Self::Nothing => None,
        }
    }
}

/// A value, for its own cache.
pub(crate) fn typed<V: 'static>(value: &AnyValue) -> &V {
    value.downcast_ref().expect("a cache has values of one type")
}

/// Where those who wait for a load meet.
pub(crate) struct Meeting {
    landing: OnceLock<Landing>,
    pub(crate) gate: Gate,
    /// Where tasks ride along: what they drive.
    pub(crate) ride: Ride,
}

/// Compares two keys of a cache's.
pub(crate) type SameKeys = fn(&dyn Any, &dyn Any) -> bool;

/// What a load is for, where that is not merely to answer a call.
pub(crate) enum Purpose {
    /// A `refresh`; keys are compared like this.
    Refresh(SameKeys),
    /// An entry has grown old: until this time it stores only in its place.
    Reload(Time),
}

/// What is told of a load that is about to run.
pub(crate) struct Draft {
    hash: u64,
    key: Box<dyn AnyKey>,
    tags: Option<Box<Begun>>,
    parent: Option<Arc<dyn Frame>>,
    process: u32,
}

impl Draft {
    /// One that this thread is to run.
    pub(crate) fn new(hash: u64, key: Box<dyn AnyKey>, tags: Option<Box<Begun>>) -> Self {
        Self { hash, key, tags, parent: context::current(), process: process::known() }
    }

    /// One that began in this process, in no other load.
    pub(crate) fn bare(hash: u64, key: Box<dyn AnyKey>, process: u32) -> Self {
        Self { hash, key, tags: None, parent: None, process }
    }
}

/// One running load.
pub(crate) struct Flight {
    pub(crate) hash: u64,
    key: Box<dyn AnyKey>,
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
    purpose: OnceLock<Purpose>,
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
    meeting: OnceLock<Box<Meeting>>,
}

impl Flight {
    #[inline]
    pub(crate) fn new(home: usize, draft: Draft) -> Self {
        let Draft { hash, key, tags, parent, process } = draft;
        Self {
            hash,
            key,
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
    pub(crate) fn refill(&mut self, draft: Draft) {
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
        !self.key.needs_drop() && is_plain && !is_known
    }

    /// The key, for its own cache.
    pub(crate) fn key<K: 'static>(&self) -> &K {
        self.any_key().downcast_ref().expect("a cache has keys of one type")
    }

    pub(crate) fn any_key(&self) -> &dyn Any {
        self.key.as_any()
    }

    /// Writes the key alone, if it can be shown.
    pub(crate) fn show_key(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        self.key.show(f)
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

    pub(crate) fn meeting(&self) -> &Meeting {
        self.meeting.get_or_init(|| {
            Box::new(Meeting { landing: OnceLock::new(), gate: Gate::default(), ride: Ride::default() })
        })
    }

    /// Waits for the load to land. Panics where waiting would never end, naming the cycle.
    pub(crate) fn wait(self: &Arc<Self>) -> &Landing {
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

    pub(crate) fn set_purpose(&self, purpose: Purpose) {
        let set = self.purpose.set(purpose);
        debug_assert!(set.is_ok(), "a load has one purpose");
    }

    #[inline]
    pub(crate) fn purpose(&self) -> Option<&Purpose> {
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
    pub(crate) fn landing(&self) -> Option<&Landing> {
        self.meeting.get()?.landing.get()
    }

    #[cold]
    pub(crate) fn land(&self, landing: Landing) {
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

impl Frame for Flight {
    fn parent(&self) -> Option<Arc<dyn Frame>> {
        self.parent.lock().clone()
    }

    fn has_landed(&self) -> bool {
        self.landing().is_some()
    }

    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.key.title().fmt(f, &|f| self.key.show(f))
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
