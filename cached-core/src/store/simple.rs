//! Loads of functions whose options are simple, or that have none: nothing is asked of a value but that it is kept, for a time perhaps that is
//! the same for all. (Nothing at all is kept where the options say so, or where the value turned out to be a `Result` by another name.)
//!
//! The way of such a load is `AnyStore::load_simple`, compiled once; what knows its types is behind [`AnyLoad`], and short. Other functions
//! go [the long way](super::load), which asks for all that there may be.

use std::any::Any;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::load::give_up;
use super::run::{Run, Timing};
use super::{AnyStore, Core, Store};
use crate::context;
use crate::engine::order::Ticket;
use crate::engine::table::{Aged, Change, Garbage, Seek};
use crate::flight::{AnyKey, Draft, Flight, Landing, Room, take_key};
use crate::flights::{BareLease, Boarding, Flights, Held};
use crate::info::Count;
use crate::key::{Args, At};
use crate::lease::Lease;
use crate::level;
use crate::outcome::Outcome;
use crate::sync::assert_unguarded;

/// A call that found nothing, whatever its types are.
pub(crate) trait AnyLoad {
    /// Looks the key up; whether that answers the call. User code.
    fn seek(&mut self, hash: u64) -> bool;
    /// Whether a key is that of the call. User code.
    fn is_key(&self, other: &dyn Any) -> bool;
    /// Makes a key for a flight, or takes the one that was made. User code.
    fn name_key(&mut self) -> Box<dyn AnyKey>;
    /// Makes the key that is to be stored, if it is not there. User code.
    fn copy_key(&mut self, flight: &Flight);
    /// Makes the value that is to be stored, if the body brought one and it is not made yet; whether there is one. User code.
    fn copy_value(&mut self) -> bool;
    /// Takes what another's load has brought; whether that answers the call. User code.
    fn join(&mut self, landing: &Landing) -> bool;
    /// What was found that was not fresh.
    fn replaced(&self) -> Option<Ticket>;
    /// Stores key and value, which were made.
    fn keep(&mut self, hash: u64, aged: Option<&Aged>, garbage: &mut Garbage) -> Change;
    /// What others are told of what the body returned. User code.
    fn landing(&mut self) -> Landing;
}

/// One whose body runs on its caller's thread.
pub(crate) trait AnyCall: AnyLoad {
    /// Makes the key. User code.
    fn make_key(&mut self);
    /// Moves the key that was made into a room.
    fn put_key(&mut self, room: &mut Room);
    /// Moves it back.
    fn take_key(&mut self, room: &mut dyn AnyKey);
    /// Runs the body; whether it brought a value. User code.
    fn run(&mut self) -> bool;
}

impl dyn AnyStore + '_ {
    /// Joins the load of a call's key or leads one.
    pub(crate) fn load_simple(&self, hash: u64, load: &mut dyn AnyCall) {
        let core = self.core();
        load.make_key();
        if context::is_outside() {
            if let Some(lease) = core.flights.board_bare(hash, &mut |room| load.put_key(room)) {
                // All of it as part of the load: what user code calls may want this very value.
                let brought = || {
                    // Between the look-up and the boarding another load may have landed.
                    if load.seek(hash) {
                        return Ok(None);
                    }
                    Ok(Some(core.run_bare(&mut || load.run())? && load.copy_value()))
                };
                return match level::inside(&lease, brought) {
                    Ok(None) => drop(lease),
                    Ok(Some(has_value)) => self.end_bare(hash, lease, load, has_value),
                    Err(panic) => give_up(lease, panic),
                };
            }
        }
        self.load_among(hash, load);
    }

    /// The same where other loads have to be looked at.
    #[cold]
    #[inline(never)]
    fn load_among(&self, hash: u64, load: &mut dyn AnyCall) {
        let core = self.core();
        loop {
            let is_key = |other: &dyn Any| load.is_key(other);
            core.flights.assert_not_inside(&is_key);
            let key = load.name_key();
            let is_key = |other: &dyn Any| load.is_key(other);
            match core.flights.board(hash, &is_key, Draft::new(hash, key, None)) {
                Boarding::Lead(flight) => return self.lead(Lease::new(&core.flights, flight), load),
                Boarding::Join(flight) if load.join(flight.wait()) => {
                    return core.counters.one(Count::Coalesced);
                }
                Boarding::Join(_) => load.make_key(),
            }
        }
    }

    fn lead(&self, lease: Lease<&Flights>, load: &mut dyn AnyCall) {
        let core = self.core();
        // As above.
        if lease.inside(|| load.seek(lease.flight().hash)) {
            return drop(lease);
        }
        core.counters.one(Count::Misses);
        let lease = core.run_led(lease, &mut || load.run());
        self.land(lease, load);
    }

    /// Ends a load that was entered bare, and stores what it brought.
    fn end_bare(&self, hash: u64, lease: BareLease<'_>, load: &mut dyn AnyCall, has_value: bool) {
        let stay = if has_value { self.stay(hash, load.replaced()) } else { Stay::Gone };
        match (lease.end(&mut |room| load.take_key(room)), stay) {
            // What was made goes with the call: not under the lock.
            (Ok(held), Stay::Gone) => drop(held),
            (Ok(held), stay) => drop(self.keep_simple(held, hash, &stay, load)),
            (Err(lease), _) => self.land(lease, load),
        }
    }

    /// Stores what a body returned, if the lease still holds, and tells those who wait.
    #[cold]
    fn land(&self, mut lease: Lease<&Flights>, load: &mut dyn AnyCall) {
        let garbage = self.publish_simple(&mut lease, load);
        lease.land(|| load.landing());
        // Not before: a drop is user code, which may wait for anything, and must not keep others waiting for this load.
        drop(garbage);
    }

    /// Stores what a body returned, if the lease still holds. To be dropped: what had to go.
    pub(crate) fn publish_simple<H, L>(&self, lease: &mut Lease<H>, load: &mut L) -> Option<Garbage>
    where
        H: Deref<Target = Flights>,
        L: AnyLoad + ?Sized,
    {
        let hash = lease.flight().hash;
        if !lease.inside(|| load.copy_value()) {
            return None;
        }
        let stay = self.stay(hash, load.replaced());
        if let Stay::Gone = stay {
            return None;
        }
        lease.inside(|| load.copy_key(lease.flight()));
        let held = lease.hold()?;
        Some(self.keep_simple(held, hash, &stay, load))
    }

    /// How long a value that has just come is to stay. Asks the clock, which may be a test's own: to be called with nothing locked.
    fn stay(&self, hash: u64, replaced: Option<Ticket>) -> Stay {
        let core = self.core();
        if core.is_plain {
            return Stay::Always;
        }
        if !core.is_simple {
            // Nothing is kept here.
            return Stay::Gone;
        }
        let now = core.now();
        let times = core.options.fresh.times::<(), ()>(&core.ages, None, (&(), &()), hash, || now);
        times.map_or(Stay::Gone, |times| Stay::Aged(Aged { times, replaced, now }))
    }

    /// Stores what is no more than a key and a value, and perhaps a time. To be dropped: what had to go.
    fn keep_simple<L>(&self, held: Held<'_>, hash: u64, stay: &Stay, load: &mut L) -> Garbage
    where
        L: AnyLoad + ?Sized,
    {
        let mut garbage = Garbage::new();
        let aged = if let Stay::Aged(aged) = stay { Some(aged) } else { None };
        let change = load.keep(hash, aged, &mut garbage);
        drop(held);
        self.core().note_inserted(self.table(), change, &mut garbage);
        garbage
    }
}

/// How long a value stays.
enum Stay {
    Always,
    Aged(Aged),
    Gone,
}

impl Core {
    /// Runs a body outside of any other, which says whether it brought a value.
    ///
    /// # Errors
    /// What it has panicked with, which goes on when its lease is dropped.
    pub(super) fn run_bare(&self, body: &mut dyn FnMut() -> bool) -> std::thread::Result<bool> {
        let tally = self.counters.tally();
        tally.add(Count::Misses, 1);
        let ended = {
            let mut timing = Timing::start(self.name, tally);
            assert_unguarded();
            let ended = catch_unwind(AssertUnwindSafe(body));
            ended.inspect(|has_value| timing.end(u64::from(*has_value), u64::from(!has_value)))
        };
        assert_unguarded();
        ended
    }

    /// The same as the load of any lease. The miss has been counted.
    fn run_led<'a>(&self, lease: Lease<&'a Flights>, body: &mut dyn FnMut() -> bool) -> Lease<&'a Flights> {
        let ended = {
            let mut run = Run::start(self.name, &self.counters, Arc::clone(lease.flight()) as _);
            assert_unguarded();
            let ended = catch_unwind(AssertUnwindSafe(body));
            ended.map(|has_value| run.end(u64::from(has_value), u64::from(!has_value)))
        };
        if let Err(panic) = ended {
            give_up(lease, panic);
        }
        assert_unguarded();
        lease
    }
}

/// Not compiled for each type.
#[cold]
fn asked_late() -> ! {
    unreachable!("a key is looked for before the body runs")
}

/// What is there when a load has come to storing it.
pub(super) const MADE: &str = "key and value are made before they are stored";

/// A body, to be run once.
pub(crate) trait Runs<A, R> {
    fn run(&mut self, args: A) -> R;
}

/// That of a function, as a pointer: so it is one type for all with these arguments.
impl<S, A, R> Runs<At<S, A>, R> for fn(A) -> R {
    #[inline]
    fn run(&mut self, args: At<S, A>) -> R {
        self(args.0)
    }
}

/// One that holds something.
impl<A, R> Runs<A, R> for &mut dyn FnMut(A) -> R {
    #[inline]
    fn run(&mut self, args: A) -> R {
        self(args)
    }
}

/// A call of such a function, on its way.
pub(crate) struct SimpleLoad<'a, K, V, A, R: Outcome<MODE, Kept = V>, B, const MODE: u8> {
    store: &'a Store<K, V>,
    /// Until the body has them.
    args: Option<A>,
    body: B,
    /// What the body returned, or what was there, or what another load has brought.
    result: Option<Result<V, R::Failure>>,
    /// What is to be stored, once it is made. Here, and on no stack: where it is not stored it is dropped when those who wait have been
    /// told.
    key: Option<K>,
    value: Option<V>,
    /// What it comes in the place of.
    replaced: Option<Ticket>,
}

impl<'a, K, V, A, R: Outcome<MODE, Kept = V>, B, const MODE: u8> SimpleLoad<'a, K, V, A, R, B, MODE> {
    pub(crate) fn new(store: &'a Store<K, V>, args: A, body: B) -> Self {
        Self { store, args: Some(args), body, result: None, key: None, value: None, replaced: None }
    }

    /// What the call has come to.
    pub(crate) fn end(mut self) -> Result<V, R::Failure> {
        let result = self.result.take().expect("a load ends with an answer");
        // What is left is dropped, which may panic, before there is anything to return: that would leak.
        drop(self);
        result
    }
}

impl<K, V, A, R, B, const MODE: u8> AnyCall for SimpleLoad<'_, K, V, A, R, B, MODE>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: Args<Key = K>,
    R: Outcome<MODE, Kept = V>,
    B: Runs<A, R>,
{
    fn make_key(&mut self) {
        let Some(args) = &self.args else { asked_late() };
        self.key = Some(args.to_key());
    }

    fn put_key(&mut self, room: &mut Room) {
        self.store.label.put(&mut self.key, room);
    }

    fn take_key(&mut self, room: &mut dyn AnyKey) {
        self.key = take_key(room);
    }

    fn run(&mut self) -> bool {
        let args = self.args.take().expect("a body runs once");
        let result = self.body.run(args).split();
        let has_value = result.is_ok();
        self.result = Some(result);
        has_value
    }
}

impl<K, V, A, R, B, const MODE: u8> Seek<K, V> for SimpleLoad<'_, K, V, A, R, B, MODE>
where
    V: Clone,
    A: Args<Key = K>,
    R: Outcome<MODE, Kept = V>,
{
    fn matches(&self, key: &K) -> bool {
        let Some(args) = &self.args else { asked_late() };
        args.matches(key)
    }

    fn found(&mut self, value: &V) {
        self.result = Some(Ok(value.clone()));
        self.store.core.counters.add(Count::Hits, 1);
    }
}

impl<K, V, A, R, B, const MODE: u8> AnyLoad for SimpleLoad<'_, K, V, A, R, B, MODE>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: Args<Key = K>,
    R: Outcome<MODE, Kept = V>,
    B: Runs<A, R>,
{
    fn seek(&mut self, hash: u64) -> bool {
        self.replaced = self.store.seek_simple(hash, self);
        self.result.is_some()
    }

    fn is_key(&self, other: &dyn Any) -> bool {
        match other.downcast_ref() {
            Some(other) => self.matches(other),
            None => false,
        }
    }

    fn name_key(&mut self) -> Box<dyn AnyKey> {
        self.store.label.name_key(self.key.take())
    }

    fn copy_key(&mut self, flight: &Flight) {
        self.key = Some(flight.key::<K>().clone());
    }

    fn join(&mut self, landing: &Landing) -> bool {
        self.result = landing.told().map(R::split);
        self.result.is_some()
    }

    fn copy_value(&mut self) -> bool {
        if let (None, Some(Ok(value))) = (&self.value, &self.result) {
            self.value = Some(value.clone());
        }
        self.value.is_some()
    }

    fn replaced(&self) -> Option<Ticket> {
        self.replaced
    }

    fn keep(&mut self, hash: u64, aged: Option<&Aged>, garbage: &mut Garbage) -> Change {
        let made = (self.key.take().expect(MADE), self.value.take().expect(MADE));
        self.store.table.insert_simple(hash, made, aged, garbage)
    }

    fn landing(&mut self) -> Landing {
        match &self.result {
            Some(Ok(value)) => Landing::value(value.clone()),
            Some(Err(failure)) => R::share(failure).map_or(Landing::Nothing, Landing::Failure),
            None => Landing::Nothing,
        }
    }
}

impl<K: Send + Sync + 'static, V: Clone + Send + Sync + 'static> Store<K, V> {
    /// Shows a load the value of its key; or says what is there that is not fresh, so that another may come in its place. Clears nothing
    /// away: nobody is to wait for drops of what has nothing to do with a load.
    pub(crate) fn seek_simple<L: Seek<K, V>>(&self, hash: u64, load: &mut L) -> Option<Ticket> {
        let now = if self.core.ages.any { self.core.now() } else { 0 };
        self.table.get_or_find(hash, now, load)
    }
}
