//! Loads of functions without options: nothing is asked of a value but that it is kept. (Nothing at all is kept where the value turned out
//! to be a `Result` by another name.)
//!
//! The way of such a load is [`Core::load`], compiled once; what knows its types is behind [`Load`], and short. Functions with
//! options go [the long way](super::load), which asks for all that there may be.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::load::give_up;
use super::run::{Run, Timing};
use super::{Core, Store};
use crate::context;
use crate::engine::table::{Garbage, Quick};
use crate::flight::{AnyKey, Draft, Flight, Landing};
use crate::flights::{BareLease, Boarding, Flights, Held};
use crate::info::Count;
use crate::key::{Args, Lookup};
use crate::lease::Lease;
use crate::level;
use crate::outcome::Outcome;
use crate::sync::assert_unguarded;

/// A call that found nothing, whatever its types are.
trait Load {
    /// Whether a key is that of the call. User code.
    fn is_key(&self, other: &dyn Any) -> bool;
    /// The key, for a flight. User code.
    fn key(&self) -> Box<dyn AnyKey>;
    /// Enters a load by this thread, where no other has to be looked at. User code.
    fn board_bare<'a>(&self, flights: &'a Flights) -> Option<BareLease<'a>>;
    /// Looks the key up once more; whether that answers the call. User code.
    fn seek(&mut self) -> bool;
    /// Takes what another's load has brought; whether that answers the call. User code.
    fn join(&mut self, landing: &Landing) -> bool;
    /// Runs the body; whether it brought a value. User code.
    fn run(&mut self) -> bool;
    /// Ends a load that was entered bare, and stores what it brought.
    ///
    /// # Errors
    /// If somebody has asked for it.
    fn end_bare<'a>(&mut self, lease: BareLease<'a>) -> Result<(), Lease<&'a Flights>>;
    /// Makes ready what is to be stored of this load, if anything is; whether that is so. User code.
    fn make_ready(&mut self, flight: &Flight) -> bool;
    /// Stores that. To be dropped: what had to go.
    fn keep(&mut self, held: Held<'_>) -> Garbage;
    /// What others are told of what the body returned. User code.
    fn landing(&self) -> Landing;
}

impl Core {
    /// Joins the load of a call's key or leads one.
    fn load(&self, hash: u64, load: &mut dyn Load) {
        if context::is_outside() {
            if let Some(lease) = load.board_bare(&self.flights) {
                // Between the look-up and the boarding another load may have landed.
                if load.seek() {
                    return drop(lease);
                }
                let lease = self.run_bare(lease, &mut || load.run());
                if let Err(lease) = load.end_bare(lease) {
                    Self::land(lease, load);
                }
                return;
            }
        }
        loop {
            let is_key = |other: &dyn Any| load.is_key(other);
            self.flights.assert_not_inside(&is_key);
            match self.flights.board(hash, &is_key, Draft::new(hash, load.key(), None)) {
                Boarding::Lead(flight) => return self.lead(Lease::new(&self.flights, flight), load),
                Boarding::Join(flight) if load.join(flight.wait()) => {
                    return self.counters.one(Count::Coalesced);
                }
                Boarding::Join(_) => {}
            }
        }
    }

    fn lead(&self, lease: Lease<&Flights>, load: &mut dyn Load) {
        // As above.
        if load.seek() {
            return drop(lease);
        }
        self.counters.one(Count::Misses);
        let lease = self.run_led(lease, &mut || load.run());
        Self::land(lease, load);
    }

    /// Stores what a body returned, if the lease still holds, and tells those who wait.
    fn land(mut lease: Lease<&Flights>, load: &mut dyn Load) {
        let garbage =
            if load.make_ready(lease.flight()) { lease.hold().map(|held| load.keep(held)) } else { None };
        lease.land(|| load.landing());
        // Not before: a drop is user code, which may wait for anything, and must not keep others waiting for this load.
        drop(garbage);
    }

    /// Runs a body outside of any other, which says whether it brought a value. A panic goes on when the lease is dropped.
    pub(super) fn run_bare<'a>(&self, lease: BareLease<'a>, body: &mut dyn FnMut() -> bool) -> BareLease<'a> {
        let tally = self.counters.tally();
        tally.add(Count::Misses, 1);
        let ended = {
            let mut timing = Timing::start(self.name, tally);
            assert_unguarded();
            let ended = level::inside(&lease, || catch_unwind(AssertUnwindSafe(body)));
            ended.map(|has_value| timing.end(u64::from(has_value), u64::from(!has_value)))
        };
        if let Err(panic) = ended {
            give_up(lease, panic);
        }
        assert_unguarded();
        lease
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

/// A call, on its way.
struct Loading<'a, K, V, A, R: Outcome<MODE, Kept = V>, const MODE: u8> {
    store: &'a Store<K, V>,
    hash: u64,
    /// Until the body has them.
    args: Option<A>,
    body: &'a mut dyn FnMut(A) -> R,
    /// What the body returned.
    result: Option<Result<V, R::Failure>>,
    /// What is to be stored, once it is made ready. Here, and on no stack: where it is not stored it is dropped when those who wait have been
    /// told.
    ready: (Option<K>, Option<V>),
    /// What another load has brought.
    answer: Option<R>,
}

impl<K, V, A, R: Outcome<MODE, Kept = V>, const MODE: u8> Loading<'_, K, V, A, R, MODE> {
    fn args(&self) -> &A {
        self.args.as_ref().expect("a key is looked for before the body runs")
    }

    /// What the call returns.
    fn end(self) -> R {
        match (self.answer, self.result) {
            (Some(answer), _) => answer,
            (None, Some(Ok(value))) => R::from_kept(value),
            (None, Some(Err(failure))) => R::from_failure(failure),
            (None, None) => unreachable!("a load ends with an answer"),
        }
    }
}

impl<K, V, A, R, const MODE: u8> Load for Loading<'_, K, V, A, R, MODE>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    A: Args<Key = K>,
    R: Outcome<MODE, Kept = V>,
{
    fn is_key(&self, other: &dyn Any) -> bool {
        other.downcast_ref().is_some_and(|other| self.args().matches(other))
    }

    fn key(&self) -> Box<dyn AnyKey> {
        self.store.label.name_key(self.args().to_key())
    }

    fn board_bare<'a>(&self, flights: &'a Flights) -> Option<BareLease<'a>> {
        flights.board_bare(self.hash, self.args().to_key(), self.store.label)
    }

    fn seek(&mut self) -> bool {
        self.answer = self.store.seek_plain(self.hash, self.args()).map(R::from_kept);
        self.answer.is_some()
    }

    fn join(&mut self, landing: &Landing) -> bool {
        self.answer = landing.told();
        self.answer.is_some()
    }

    fn run(&mut self) -> bool {
        let args = self.args.take().expect("a body runs once");
        self.result.insert((self.body)(args).split()).is_ok()
    }

    fn end_bare<'a>(&mut self, lease: BareLease<'a>) -> Result<(), Lease<&'a Flights>> {
        if let Some(Ok(value)) = &self.result {
            self.ready.1 = Some(value.clone());
        }
        let (held, key) = lease.end()?;
        match self.ready.1.take() {
            Some(value) if self.store.is_plain => {
                drop(self.store.keep_plain(held, self.hash, key, value));
            }
            // The list is unlocked before what is dropped that runs user code.
            value => drop((held, key, value)),
        }
        Ok(())
    }

    fn make_ready(&mut self, flight: &Flight) -> bool {
        let Some(Ok(value)) = &self.result else { return false };
        if !self.store.is_plain {
            // Nothing is kept here.
            return false;
        }
        if self.ready.1.is_none() {
            self.ready.1 = Some(value.clone());
        }
        self.ready.0 = Some(flight.key::<K>().clone());
        true
    }

    fn keep(&mut self, held: Held<'_>) -> Garbage {
        let (Some(key), Some(value)) = (self.ready.0.take(), self.ready.1.take()) else {
            unreachable!("it was made ready")
        };
        self.store.keep_plain(held, self.hash, key, value)
    }

    fn landing(&self) -> Landing {
        match &self.result {
            Some(Ok(value)) => Landing::value(value.clone()),
            Some(Err(failure)) => R::share(failure).map_or(Landing::Nothing, Landing::Failure),
            None => Landing::Nothing,
        }
    }
}

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// A call that found nothing, of a function without options.
    #[cold]
    #[inline(never)]
    pub(crate) fn load_plain<A, R, const MODE: u8>(
        &self,
        hash: u64,
        args: A,
        body: &mut dyn FnMut(A) -> R,
    ) -> R
    where
        K: Clone,
        V: Clone,
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let (result, ready, answer) = (None, (None, None), None);
        let mut load = Loading { store: self, hash, args: Some(args), body, result, ready, answer };
        self.core.load(hash, &mut load);
        load.end()
    }

    /// The value of a key, counted, of a store where nothing ages.
    pub(crate) fn seek_plain(&self, hash: u64, key: &impl Lookup<K>) -> Option<V>
    where
        V: Clone,
    {
        match self.hit_plain(hash, key) {
            Quick::Found(value) => Some(value),
            Quick::Missing => None,
            // As in a scope, whose threads go no short ways.
            Quick::Unknown => self.table.get(hash, key, 0, true, |pin, value| {
                let value = value.clone();
                self.counters.add_as(pin, Count::Hits, 1);
                value
            }),
        }
    }
}
