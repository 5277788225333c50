//! `soft_timeout`: a caller with an old value at hand waits for its reload for so long, and then takes the old one.
//!
//! The reload runs on another thread, so that it can be left alone: what it brings is stored, however late. For `retry_after` from
//! then on the old value is answered at once; after that one caller in so long waits for the same reload again, if it still runs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use crate::clock::{Clock, NEVER, Time, deadline};
use crate::engine::order::Ticket;
use crate::flight::{Flight, Landing};
use crate::info::Count;
use crate::key::Args;
use crate::memo::Memo;
use crate::outcome::{Outcome, mode};
use crate::reload::{Claim, Job, Look, Reloaded};
use crate::scope;
use crate::store::{Begin, Store};
use crate::store_async::Shared;
use crate::sync::Mutex;
use crate::workers;

/// How often a clock that moves by itself, and not with the system's, is looked at.
const TICK: Duration = Duration::from_millis(1);

impl<K, V> Memo<K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// A call; `again` makes a body of it that another thread can run.
    pub(crate) fn call_soft<A, R, const MODE: u8>(
        &self,
        args: A,
        body: impl FnOnce(A) -> R,
        again: impl Fn(&A) -> Job<V>,
    ) -> R
    where
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let store = self.store();
        let hash = store.hash(&args);
        match store.seek(hash, &args) {
            Look::Found(value) => R::from_kept(value),
            Look::Missing => store.share().load_soft(hash, args, body, |args| Some(again(args)), || None),
            Look::Old(old, ticket) => {
                let claim = Claim::new(store.share(), hash, &args, ticket);
                reload_soft(hash, old, claim, again(&args))
            }
        }
    }
}

/// A load of a value that is old but has not ended.
pub(crate) fn reload_soft<K, V, R, const MODE: u8>(hash: u64, old: V, claim: Claim<K, V>, job: Job<V>) -> R
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    R: Outcome<MODE, Kept = V>,
{
    let (store, ticket) = (Arc::clone(claim.store()), claim.ticket());
    let until = store.soft_until();
    let Some(lease) = claim.board() else { return R::from_kept(old) };
    let flight = Arc::clone(lease.flight());
    let errand = Errand::of_load(&store, lease, ticket, job, Some(claim));
    if flight.wait_until(store.clock(), until) {
        if let Some(value) = flight.landing().and_then(Landing::fresh::<V>) {
            return R::from_kept(value.clone());
        }
    }
    if store.at_hand(hash, ticket).is_some() {
        errand.cancel();
        return R::from_kept(old);
    }
    // It has ended meanwhile: there is nothing to give up for.
    errand.cancel();
    store.joined(flight.wait()).unwrap_or_else(|| R::from_kept(old))
}

impl<K, V> Store<K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// When a call that begins now takes an old value, if there is one.
    pub(crate) fn soft_until(&self) -> Time {
        deadline(self.clock().now(), self.soft_timeout().unwrap_or(Duration::MAX))
    }

    /// The rest of a call that found nothing. `again` makes a body of it that another thread can run, where there is one; `own` is what that
    /// came to, where it cannot be told to all.
    pub(crate) fn load_soft<A, R, const MODE: u8>(
        self: &Arc<Self>,
        hash: u64,
        args: A,
        body: impl FnOnce(A) -> R,
        again: impl Fn(&A) -> Option<Job<V>>,
        own: impl Fn() -> Option<R>,
    ) -> R
    where
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let until = self.soft_until();
        loop {
            if let Some(failed) = self.kept_error(hash, &args) {
                return failed;
            }
            match self.begin(Arc::clone(self.flights()), hash, &args) {
                Begin::Hit(value) => return R::from_kept(value),
                Begin::Join(flight) => {
                    let landed = flight.wait_until(self.clock(), until);
                    if let Some(old) = if landed { None } else { self.take_old(hash, self.find(hash, &args)) }
                    {
                        self.count(Count::Hits, 1);
                        return R::from_kept(old);
                    }
                    let Some(landing) = flight.wait_watching() else {
                        // A task's, which does not go on with it.
                        let begun = self.begin_instead(Arc::clone(self.flights()), &flight, &args);
                        let Some((lease, replaced)) = begun else { continue };
                        self.count_miss();
                        return self.lead(lease, replaced, || body(args));
                    };
                    if let Some(result) = self.joined(landing) {
                        return result;
                    }
                }
                Begin::Lead(lease, replaced) => {
                    if let Some(failed) = self.kept_error_at_last(hash, &args) {
                        return failed;
                    }
                    let ticket = replaced.filter(|ticket| self.at_hand(hash, *ticket).is_some());
                    let Some((ticket, job)) = ticket.and_then(|ticket| Some((ticket, again(&args)?))) else {
                        self.count_miss();
                        return self.lead(lease, replaced, || body(args));
                    };
                    let flight = Arc::clone(lease.flight());
                    let errand = Errand::of_load(self, lease, ticket, job, None);
                    // Counted once it is certain: whose load panics in another thread begins anew, and may be answered with the old value.
                    if !flight.wait_until(self.clock(), until) {
                        let old = self.take_old(hash, Some(ticket));
                        errand.cancel();
                        if let Some(old) = old {
                            self.count_miss();
                            return R::from_kept(old);
                        }
                    }
                    if let Some(result) = flight.wait().told().or_else(&own) {
                        self.count_miss();
                        return result;
                    }
                }
            }
        }
    }

    /// An old value in the place of one that takes too long to come. For a while the next callers do not wait for it.
    pub(crate) fn take_old(&self, hash: u64, ticket: Option<Ticket>) -> Option<V> {
        let ticket = ticket?;
        let old = self.at_hand(hash, ticket)?;
        self.brake(hash, ticket);
        self.count(Count::StaleHits, 1);
        Some(old)
    }
}

/// A load in another thread's hands, to be taken back for as long as it has not begun.
struct Errand(Arc<Mutex<Option<Run>>>);

type Run = Box<dyn FnOnce() + Send>;

impl Errand {
    fn of_load<K, V>(
        store: &Arc<Store<K, V>>,
        lease: Shared,
        replaced: Ticket,
        job: Job<V>,
        claim: Option<Claim<K, V>>,
    ) -> Self
    where
        K: Clone + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
    {
        // Its caller waits for it, so it has to say what it came to.
        lease.flight().join();
        let (store, scopes) = (Arc::clone(store), scope::carried());
        let pending = scope::isolation().map(|scope| scope.pending());
        Self::send(Box::new(move || {
            let _pending = pending;
            let _entered = scopes.enter();
            // Its end lets the next try begin, and is part of what is waited for.
            let _claim = claim;
            drop(store.lead::<Reloaded<V>, _, { mode::RELOADED }>(lease, Some(replaced), job));
        }))
    }

    fn send(run: Run) -> Self {
        let errand = Arc::new(Mutex::new(Some(run)));
        let own = Arc::clone(&errand);
        let run = move || {
            let run = errand.lock().take();
            if let Some(run) = run {
                run();
            }
        };
        // One of the threads that would take it takes it at once: were all of them to wait for each other's loads, none would go on.
        let left = if workers::is_one() { Err(Box::new(run) as Run) } else { workers::run(Box::new(run)) };
        // Where no thread takes it, this one does, and a panic is nobody's, either way: it has been told by the hook.
        if let Err(run) = left {
            drop(catch_unwind(AssertUnwindSafe(run)));
        }
        Self(own)
    }

    /// Takes it back, if it has not begun and nobody is about to. Who waits for it then looks for himself.
    fn cancel(&self) {
        if workers::keep_up() {
            return;
        }
        let run = self.0.lock().take();
        drop(run);
    }
}

/// Wakes a thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl Flight {
    /// Waits for the load to land, but not beyond a time; whether it has. As such a wait ends in any case, it is no part of a circle.
    fn wait_until(self: &Arc<Self>, clock: &Clock, until: Time) -> bool {
        if until == NEVER {
            self.wait();
            return true;
        }
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let gate = &self.meeting().gate;
        let (mut number, mut told) = (None, None);
        let landed = loop {
            gate.register(&mut number, &waker);
            if let Clock::Manual(clock) = clock {
                clock.gate().register(&mut told, &waker);
            }
            // Looked at once it is certain that a change of either is told.
            if self.landing().is_some() {
                break true;
            }
            let left = until.saturating_sub(clock.now());
            if left == 0 {
                break false;
            }
            match clock {
                Clock::System => thread::park_timeout(Duration::from_nanos(left)),
                Clock::Manual(clock) if clock.is_led() && !clock.is_machines() => thread::park_timeout(TICK),
                Clock::Manual(clock) if clock.is_led() => thread::park_timeout(Duration::from_nanos(left)),
                Clock::Manual(_) => thread::park(),
            }
        };
        gate.leave(number);
        if let Clock::Manual(clock) = clock {
            clock.gate().leave(told);
        }
        landed
    }
}
