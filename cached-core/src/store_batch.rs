//! The way of a batch call through a store: each key for itself until those that are missing go into a run together.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::batch::chunk::{Chunk, Seat};
use crate::batch::gather::{Gather, Gathering, Group, Load};
use crate::batch::plan::Plan;
use crate::flight::{Flight, Landing, typed};
use crate::info::Count;
use crate::outcome::{Outcome, SharedFailure};
use crate::store::{Begin, Replaced, Store};
use crate::store_async::Shared;
use crate::sync::assert_unguarded;

/// The failure of a whole run, as it is told to those who waited for one key of it.
struct WholeFailure(SharedFailure);

/// A call with a slice of keys, or what is left of it. `W` is how it waits for another's load.
pub(crate) struct Call<'a, P: Plan, W> {
    keys: &'a [P::Elem],
    max: usize,
    answers: Vec<Option<P::Item>>,
    /// The places of keys that have no answer yet and are to be looked up.
    open: VecDeque<usize>,
    /// Those of keys that another call loads, or this one for an equal key before.
    pub(crate) waits: Vec<(usize, W)>,
}

impl<'a, P: Plan, W> Call<'a, P, W> {
    pub(crate) fn new(keys: &'a [P::Elem], max: usize) -> Self {
        assert_max(max);
        let (answers, open) = (keys.iter().map(|_| None).collect(), (0..keys.len()).collect());
        Self { keys, max, answers, open, waits: Vec::new() }
    }

    /// Looks keys up until there are enough for a run, or none is left; those to be loaded.
    pub(crate) fn board<const ITEM: u8>(
        &mut self,
        store: &Store<P::Key, P::Kept>,
        wait: fn(Arc<Flight>) -> W,
    ) -> Load<P>
    where
        P::Item: Outcome<ITEM, Kept = P::Kept>,
    {
        let (mut seats, mut elems) = (Vec::new(), Vec::new());
        while seats.len() < self.max {
            let Some(place) = self.open.pop_front() else { break };
            let key = &self.keys[place];
            let args = P::args(key);
            let hash = store.hash(&args);
            if let Some(value) = store.hit(hash, &args) {
                self.answers[place] = Some(P::Item::from_kept(value));
                continue;
            }
            match store.begin(Arc::clone(store.flights()), hash, &args) {
                Begin::Hit(value) => self.answers[place] = Some(P::Item::from_kept(value)),
                Begin::Join(flight) => self.waits.push((place, wait(flight))),
                Begin::Lead(lease, replaced) => {
                    store.count_miss();
                    seats.push(Seat { lease, replaced, place });
                    elems.push(key.clone());
                }
            }
        }
        (seats, elems)
    }

    pub(crate) fn answer(&mut self, places: &[usize], items: Vec<P::Item>) {
        places.iter().zip(items).for_each(|(&place, item)| self.answers[place] = Some(item));
    }

    /// The answer for a key that another call loaded; without one it is looked up again.
    pub(crate) fn joined(
        &mut self,
        place: usize,
        answer: Option<Result<P::Item, P::Whole>>,
    ) -> Result<(), P::Whole> {
        match answer {
            Some(answer) => self.answers[place] = Some(answer?),
            None => self.open.push_back(place),
        }
        Ok(())
    }

    pub(crate) fn is_done(&self) -> bool {
        self.open.is_empty() && self.waits.is_empty()
    }

    pub(crate) fn end(self) -> P::Returned {
        let items = self.answers.into_iter().map(|item| item.expect("every key has its answer"));
        P::join(self.keys, items.collect())
    }
}

/// # Panics
/// If `max_batch` is an expression that came out as 0.
pub(crate) fn assert_max(max: usize) {
    assert!(max > 0, "`max_batch` is 0: a run of the body needs room for one key at least");
}

pub(crate) fn places(seats: &[Seat]) -> Vec<usize> {
    seats.iter().map(|seat| seat.place).collect()
}

/// A run on the stack, until this is dropped.
pub(crate) struct Ending(pub(crate) Arc<Chunk>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// A run that has been published, for those who wait to be told.
pub(crate) struct Settled<P: Plan> {
    result: Results<P>,
    places: Vec<usize>,
    landings: Vec<(Shared, Landing)>,
    removed: Vec<Replaced<P::Key, P::Kept>>,
}

impl<P: Plan> Settled<P> {
    /// The answers of the one who ran it: all; or of a run for a group his own, once those of the others lie ready.
    pub(crate) fn hand_out(&mut self, share: Option<&Share<P>>) -> Results<P> {
        let result = std::mem::replace(&mut self.result, Ok(Vec::new()));
        let Some((group, own)) = share else { return result };
        let mut kept = Vec::new();
        for (&place, item) in self.places.iter().zip(result?) {
            if place == *own {
                kept.push(item);
            } else {
                group.put(place, P::pack(item));
            }
        }
        Ok(kept)
    }

    /// Tells those who wait. What was removed is dropped after that, as with any load.
    pub(crate) fn land(self) {
        self.landings.into_iter().for_each(|(lease, landing)| lease.land(|| landing));
        drop(self.removed);
    }
}

/// A group whose load one of its members runs, and that member's place.
pub(crate) type Share<P> = (Arc<Group<P>>, usize);

/// What a run answers.
pub(crate) type Results<P> = Result<Vec<<P as Plan>::Item>, <P as Plan>::Whole>;

/// How the one who runs a group's load takes part in it.
pub(crate) struct Own(bool);

impl Own {
    /// What is counted of the call that runs the load.
    pub(crate) fn misses(&self) -> u64 {
        u64::from(self.0)
    }

    /// His own answer, if his key is in it.
    pub(crate) fn answer<P: Plan>(&self, results: Results<P>) -> Option<Result<P::Item, P::Whole>> {
        self.0.then(|| only::<P>(results))
    }
}

/// How the member at this place takes part in a load; `None` where nothing is left of it.
pub(crate) fn led(seats: &[Seat], place: usize) -> Option<Own> {
    (!seats.is_empty()).then(|| Own(seats.iter().any(|seat| seat.place == place)))
}

/// The answer of a run for one key.
pub(crate) fn only<P: Plan>(results: Results<P>) -> Result<P::Item, P::Whole> {
    results.map(|mut items| items.pop().expect("who runs a load is answered"))
}

impl<K, V> Store<K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// A call of a batch function with a slice of keys.
    pub(crate) fn call_batch<P, const ITEM: u8>(
        &self,
        keys: &[P::Elem],
        max: usize,
        mut body: impl FnMut(&[P::Elem]) -> P::Returned,
    ) -> P::Returned
    where
        P: Plan<Key = K, Kept = V>,
        P::Item: Outcome<ITEM, Kept = V>,
    {
        let mut call = Call::<P, _>::new(keys, max);
        while !call.is_done() {
            let load = call.board::<ITEM>(self, |flight| flight);
            if !load.0.is_empty() {
                let places = places(&load.0);
                match self.lead_batch::<P, ITEM>(load, None, &mut body) {
                    Ok(items) => call.answer(&places, items),
                    Err(whole) => return P::failed(whole),
                }
                continue;
            }
            for (place, flight) in std::mem::take(&mut call.waits) {
                let answer = self.joined_batch::<P, ITEM>(flight.wait());
                if let Err(whole) = call.joined(place, answer) {
                    return P::failed(whole);
                }
            }
        }
        call.end()
    }

    /// Runs the body for these keys.
    pub(crate) fn lead_batch<P, const ITEM: u8>(
        &self,
        (mut seats, elems): Load<P>,
        share: Option<&Share<P>>,
        body: impl FnOnce(&[P::Elem]) -> P::Returned,
    ) -> Results<P>
    where
        P: Plan<Key = K, Kept = V>,
        P::Item: Outcome<ITEM, Kept = V>,
    {
        self.count(Count::Batches, 1);
        let chunk = Ending(Chunk::enter(&seats, self.called()));
        let mut run = self.run(Arc::clone(&chunk.0) as _).of(seats.len() as u64);
        assert_unguarded();
        let result = P::split(body(&elems), &elems);
        drop(elems);
        let (result, failures) = split_items::<P, ITEM>(result, seats.len());
        run.end(seats.len() as u64 - failures, failures);
        drop(run);
        let mut settled = self.settle_batch::<P, ITEM>(&mut seats, result);
        let own = settled.hand_out(share);
        settled.land();
        self.tell();
        own
    }

    /// Publishes what a run brought, each key under its own lease. Takes the seats once that is done: where user code panics,
    /// they are still the caller's, and those who wait have not been told yet.
    pub(crate) fn settle_batch<P, const ITEM: u8>(
        &self,
        seats: &mut Vec<Seat>,
        result: SplitItems<P, ITEM>,
    ) -> Settled<P>
    where
        P: Plan<Key = K, Kept = V>,
        P::Item: Outcome<ITEM, Kept = V>,
    {
        let places = places(seats);
        let (mut landings, mut removed) = (Vec::with_capacity(seats.len()), Vec::new());
        let result = match result {
            Ok(items) => {
                let settle = |(seat, item): (&mut Seat, _)| {
                    let settled = self.settle::<P::Item, ITEM>(&mut seat.lease, seat.replaced, item, None);
                    landings.push(settled.landing);
                    removed.extend(settled.removed);
                    settled.result
                };
                Ok(seats.iter_mut().zip(items).map(settle).collect())
            }
            Err(whole) => {
                let mut shared: Option<Option<SharedFailure>> = None;
                for seat in &mut *seats {
                    seat.lease.leave();
                    let failure = seat.lease.is_joined().then(|| {
                        let failure = shared.get_or_insert_with(|| P::share(&whole));
                        failure.clone().map(|failure| Landing::Failure(Arc::new(WholeFailure(failure))))
                    });
                    landings.push(failure.flatten().unwrap_or(Landing::Nothing));
                }
                Err(whole)
            }
        };
        let leases = std::mem::take(seats).into_iter().map(|seat| seat.lease);
        Settled { result, places, landings: leases.zip(landings).collect(), removed }
    }

    /// The answer for a key that another call loaded, where it could be shared.
    pub(crate) fn joined_batch<P, const ITEM: u8>(
        &self,
        landing: &Landing,
    ) -> Option<Result<P::Item, P::Whole>>
    where
        P: Plan<Key = K, Kept = V>,
        P::Item: Outcome<ITEM, Kept = V>,
    {
        let answer = answer_of::<P, ITEM>(landing)?;
        self.count(Count::Coalesced, 1);
        Some(answer)
    }

    pub(crate) fn gather<P: Plan<Key = K, Kept = V>>(&self) -> &Gather<P> {
        self.extra(Gather::new)
    }

    /// A load of one key, which shares a run of the body with others that come within the window.
    pub(crate) fn load_one<P, const ITEM: u8>(
        &self,
        key: &P::Elem,
        how: &Gathering,
        mut body: impl FnMut(&[P::Elem]) -> P::Returned,
    ) -> P::One
    where
        P: Plan<Key = K, Kept = V>,
        P::Item: Outcome<ITEM, Kept = V>,
    {
        assert_max(how.max);
        let args = P::args(key);
        let hash = self.hash(&args);
        if let Some(value) = self.hit(hash, &args) {
            return P::one(Ok(P::Item::from_kept(value)));
        }
        loop {
            let (lease, replaced) = match self.begin(Arc::clone(self.flights()), hash, &args) {
                Begin::Hit(value) => return P::one(Ok(P::Item::from_kept(value))),
                Begin::Join(flight) => match self.joined_batch::<P, ITEM>(flight.wait()) {
                    Some(answer) => return P::one(answer),
                    None => continue,
                },
                Begin::Lead(lease, replaced) => (lease, replaced),
            };
            let flight = Arc::clone(lease.flight());
            flight.join();
            let gather = self.gather::<P>();
            let member = gather.join(how, Seat { lease, replaced, place: 0 }, key.clone());
            let answer = if member.opened {
                let load = gather.wait(&member, how.max);
                let share = (member.group, member.place);
                led(&load.0, member.place).and_then(|own| {
                    self.count(Count::Misses, own.misses());
                    own.answer::<P>(self.lead_batch::<P, ITEM>(load, Some(&share), &mut body))
                })
            } else {
                let landing = flight.wait();
                assert_unguarded();
                let own = member.group.take(member.place).map(P::unpack).map(Ok);
                // Counted once it is certain: who gets no answer begins anew, and may find one or wait for another's.
                own.or_else(|| answer_of::<P, ITEM>(landing)).inspect(|_| self.count_miss())
            };
            if let Some(answer) = answer {
                return P::one(answer);
            }
        }
    }

    /// Loads one key now and puts what it brings in the place of what is there.
    pub(crate) fn refresh_one<P, const ITEM: u8>(
        &self,
        key: &P::Elem,
        body: impl FnOnce(&[P::Elem]) -> P::Returned,
    ) -> P::One
    where
        P: Plan<Key = K, Kept = V>,
        P::Item: Outcome<ITEM, Kept = V>,
    {
        let (lease, replaced) = self.begin_refresh(Arc::clone(self.flights()), &P::args(key));
        let load = (vec![Seat { lease, replaced, place: 0 }], vec![key.clone()]);
        P::one(only::<P>(self.lead_batch::<P, ITEM>(load, None, body)))
    }
}

/// What a run brought: for each key what is kept, or its failure; or the failure of all.
pub(crate) type SplitItems<P, const ITEM: u8> =
    Result<Vec<Result<<P as Plan>::Kept, <<P as Plan>::Item as Outcome<ITEM>>::Failure>>, <P as Plan>::Whole>;

/// Takes the answers apart; how many keys failed.
pub(crate) fn split_items<P, const ITEM: u8>(
    result: Result<Vec<P::Item>, P::Whole>,
    keys: usize,
) -> (SplitItems<P, ITEM>, u64)
where
    P: Plan,
    P::Item: Outcome<ITEM, Kept = P::Kept>,
{
    let items = result.map(|items| items.into_iter().map(Outcome::<ITEM>::split).collect::<Vec<_>>());
    let failures = items.as_ref().map_or(keys, |items| items.iter().filter(|item| item.is_err()).count());
    (items, failures as u64)
}

/// What a landing tells about one key.
pub(crate) fn answer_of<P, const ITEM: u8>(landing: &Landing) -> Option<Result<P::Item, P::Whole>>
where
    P: Plan,
    P::Item: Outcome<ITEM, Kept = P::Kept>,
{
    assert_unguarded();
    match landing {
        Landing::Value(value) | Landing::Old(value) => {
            Some(Ok(P::Item::from_kept(typed::<P::Kept>(value).clone())))
        }
        Landing::Failure(failure) => match failure.downcast_ref::<WholeFailure>() {
            Some(whole) => P::unshare(&whole.0).map(Err),
            None => P::Item::unshare(&**failure).map(P::Item::from_failure).map(Ok),
        },
        // A batch has no `load_timeout`.
        Landing::Late(_) | Landing::Nothing => None,
    }
}
