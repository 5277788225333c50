//! Keys of a batch function, loaded ahead of any call: runs of its body for those that are missing.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use crate::batch::chunk::Seat;
use crate::batch::gather::Load;
use crate::batch::plan::Plan;
use crate::flight::{Flight, Landing};
use crate::memo::StoreRef;
use crate::outcome::Outcome;
use crate::ride::{Arrival, Caught, Rider};
use crate::store::{Begin, Store};
use crate::store_batch::{Results, assert_max};
use crate::store_batch_async::Crew;
use crate::store_warm::joined;
use crate::warm::{Warm, Warmed, WarmedKey};

/// What is left to be loaded.
struct Ahead<'a, P: Plan> {
    keys: &'a [P::Elem],
    how: &'a Warm<'a>,
    max: usize,
    /// The places of keys that have to be looked up.
    open: VecDeque<usize>,
    /// Those of keys that another call loads, or this one for an equal key before.
    waits: Vec<(usize, Arc<Flight>)>,
    warmed: Warmed,
    done: usize,
}

impl<'a, P: Plan> Ahead<'a, P> {
    fn new(keys: &'a [P::Elem], max: usize, how: &'a Warm<'a>) -> Self {
        assert_max(max);
        let open = (0..keys.len()).collect();
        Self { keys, how, max, open, waits: Vec::new(), warmed: Warmed::default(), done: 0 }
    }

    /// Looks keys up until there are enough for a run, or none is left; those to be loaded.
    fn board(&mut self, store: &Store<P::Key, P::Kept>) -> Load<P> {
        let (mut seats, mut elems) = (Vec::new(), Vec::new());
        while seats.len() < self.max {
            let Some(place) = self.open.pop_front() else { break };
            let keys = self.keys;
            let args = P::args(&keys[place]);
            let hash = store.hash(&args);
            if store.contains(&args) {
                self.end(&Ok(WarmedKey::Present));
                continue;
            }
            match store.begin(Arc::clone(store.flights()), hash, &args) {
                Begin::Hit(_) => self.end(&Ok(WarmedKey::Present)),
                Begin::Join(flight) => self.waits.push((place, flight)),
                Begin::Lead(lease, replaced) => {
                    seats.push(Seat { lease, replaced, place });
                    elems.push(keys[place].clone());
                }
            }
        }
        (seats, elems)
    }

    fn end(&mut self, key: &thread::Result<WarmedKey>) {
        self.warmed.count(key);
        self.done += 1;
        self.how.tell(self.done, self.keys.len());
    }

    /// A run of so many keys has ended.
    fn ran<const ITEM: u8>(&mut self, keys: usize, results: thread::Result<Results<P>>)
    where
        P::Item: Outcome<ITEM, Kept = P::Kept>,
    {
        match results {
            Ok(Ok(items)) => items.into_iter().for_each(|item| {
                let came = if item.split().is_ok() { WarmedKey::Loaded } else { WarmedKey::Failed };
                self.end(&Ok(came));
            }),
            Ok(Err(_)) => (0..keys).for_each(|_| self.end(&Ok(WarmedKey::Failed))),
            Err(panic) => {
                let panicked = Err(panic);
                (0..keys).for_each(|_| self.end(&panicked));
            }
        }
    }

    /// Another's load of a key has ended.
    fn joined(&mut self, place: usize, landing: Option<&Landing>) {
        match landing.and_then(joined) {
            Some(key) => self.end(&Ok(key)),
            None => self.open.push_back(place),
        }
    }
}

impl<K, V> Store<K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Loads the keys that have no fresh value, one run after the other.
    pub(crate) fn warm_batch<P, const ITEM: u8>(
        &self,
        keys: &[P::Elem],
        max: usize,
        how: &Warm<'_>,
        mut body: impl FnMut(&[P::Elem]) -> P::Returned,
    ) -> Warmed
    where
        P: Plan<Key = K, Kept = V>,
        P::Item: Outcome<ITEM, Kept = V>,
    {
        let mut ahead = Ahead::<P>::new(keys, max, how);
        loop {
            let load = ahead.board(self);
            if !load.0.is_empty() {
                let seats = load.0.len();
                let run = AssertUnwindSafe(|| self.lead_batch::<P, ITEM>(load, None, &mut body));
                ahead.ran(seats, catch_unwind(run));
            } else if ahead.waits.is_empty() {
                return ahead.warmed;
            }
            for (place, flight) in std::mem::take(&mut ahead.waits) {
                ahead.joined(place, Some(flight.wait()));
            }
        }
    }
}

impl<K, V> StoreRef<'_, K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// The same for an asynchronous body.
    pub(crate) async fn warm_batch_async<P, C, const ITEM: u8>(
        self,
        keys: &[P::Elem],
        max: usize,
        how: &Warm<'_>,
        crew: C,
    ) -> Warmed
    where
        P: Plan<Key = K, Kept = V>,
        P::Item: Outcome<ITEM, Kept = V>,
        C: Crew<P, ITEM>,
    {
        let mut ahead = Ahead::<P>::new(keys, max, how);
        loop {
            let load = ahead.board(&self);
            if !load.0.is_empty() {
                let seats = load.0.len();
                let results = Caught(Box::pin(crew.lead(&self, load, None))).await;
                ahead.ran(seats, results);
            } else if ahead.waits.is_empty() {
                return ahead.warmed;
            }
            for (place, flight) in std::mem::take(&mut ahead.waits) {
                let mut rider = Rider::new(flight, false);
                if (&mut rider).await == Arrival::Neglected {
                    let args = P::args(&keys[place]);
                    let begun = self.begin_instead(Arc::clone(self.flights()), rider.flight(), &args);
                    let Some((lease, replaced)) = begun else {
                        ahead.joined(place, None);
                        continue;
                    };
                    let load = (vec![Seat { lease, replaced, place }], vec![keys[place].clone()]);
                    let results = Caught(Box::pin(crew.lead(&self, load, None))).await;
                    ahead.ran(1, results);
                } else {
                    ahead.joined(place, rider.flight().landing());
                }
            }
        }
    }
}
