//! The way of an asynchronous batch call: as that of any batch, with tasks instead of threads.

use crate::still::Instant;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use crate::batch::chunk::{Chunk, Seat};
use crate::batch::convoy::{Convoy, LedTogether};
use crate::batch::gather::{Gathering, Load, Member, Turn};
use crate::batch::plan::Plan;
use crate::info::Count;
use crate::memo::{Memo, StoreRef};
use crate::outcome::Outcome;
use crate::ride::{Arrival, Caught, Led, Rider};
use crate::store::{Begin, Store};
use crate::store_batch::{
    Call, Ending, Results, Settled, Share, answer_of, assert_max, led, only, places, split_items,
};
use crate::sync::{Mutex, assert_unguarded};
use crate::telemetry::{self, traced};
use crate::warm::{Warm, Warmed};

/// An asynchronous batch body that makes a future of type `F` from keys, with that type in the open, as
/// [`AsyncBody`](crate::face::AsyncBody).
#[derive(Debug)]
pub struct BatchBody<P, B, F>(B, PhantomData<fn(P) -> F>);

impl<P: Plan, F, B: Fn(Vec<P::Elem>) -> F> BatchBody<P, B, F> {
    /// The plan is there to say what the body takes.
    pub fn new(_: P, body: B) -> Self {
        Self(body, PhantomData)
    }
}

/// Who drives a run.
pub(crate) trait Crew<P: Plan, const ITEM: u8> {
    /// Runs the body for these keys, for one caller or for a group.
    fn lead(
        &self,
        store: &StoreRef<'_, P::Key, P::Kept>,
        load: Load<P>,
        share: Option<Share<P>>,
    ) -> impl Future<Output = Results<P>>;
}

/// Only the caller drives the body: it may borrow, and need not be `Send`.
struct Here<B>(B);

/// Everybody who waits for one of the keys drives the body.
struct Anywhere<B>(B);

impl<P, B, F, const ITEM: u8> Crew<P, ITEM> for Here<B>
where
    P: Plan,
    P::Item: Outcome<ITEM, Kept = P::Kept>,
    B: Fn(Vec<P::Elem>) -> F,
    F: Future<Output = P::Returned>,
{
    async fn lead(
        &self,
        store: &StoreRef<'_, P::Key, P::Kept>,
        (mut seats, elems): Load<P>,
        share: Option<Share<P>>,
    ) -> Results<P> {
        let chunk = Ending(Chunk::enter(&seats, store.called()));
        let run = Run::start(store, seats.len());
        let flights: Vec<_> = seats.iter().map(|seat| Arc::clone(seat.flight())).collect();
        let led = LedTogether::new(
            traced(store.name(), (self.0)(elems.clone())),
            Arc::clone(&chunk.0) as _,
            flights,
        );
        let ended = Caught(led).await;
        let finished = finish::<P, ITEM>(store, run, &mut seats, &elems, share.as_ref(), ended);
        let (settled, own) = finished.unwrap_or_else(|panic| {
            drop(seats);
            resume_unwind(panic)
        });
        settled.land();
        store.tell();
        own
    }
}

impl<P, B, F, const ITEM: u8> Crew<P, ITEM> for Anywhere<B>
where
    P: Plan,
    P::Item: Outcome<ITEM, Kept = P::Kept> + Send,
    P::Whole: Send + 'static,
    P::Returned: Send,
    B: Fn(Vec<P::Elem>) -> F,
    F: Future<Output = P::Returned> + Send + 'static,
{
    async fn lead(
        &self,
        store: &StoreRef<'_, P::Key, P::Kept>,
        (mut seats, elems): Load<P>,
        share: Option<Share<P>>,
    ) -> Results<P> {
        let store = store.share();
        let flights: Vec<_> = seats.iter().map(|seat| Arc::clone(seat.flight())).collect();
        let place = share.as_ref().map(|(_, own)| *own);
        let mine = seats.iter().position(|seat| place.is_none_or(|own| seat.place == own));
        let flight = Arc::clone(&flights[mine.unwrap_or(0)]);
        let chunk = Ending(Chunk::enter(&seats, store.called()));
        let body = Led::new(traced(store.name(), (self.0)(elems.clone())), Arc::clone(&chunk.0) as _);
        let own: Arc<Mutex<Option<std::thread::Result<Results<P>>>>> = Arc::default();
        let answer = Arc::clone(&own);
        flights.iter().for_each(|flight| flight.join());
        let run = Box::pin(async move {
            let _chunk = chunk;
            let run = Run::start(&store, seats.len());
            // With the publishing, which is user code in part: whoever polls this must not get another's panic. As with any load,
            // the answer lies ready before anybody is told that there is one.
            let ended = Caught(body).await;
            match finish::<P, ITEM>(&store, run, &mut seats, &elems, share.as_ref(), ended) {
                Ok((settled, results)) => {
                    *answer.lock() = Some(Ok(results));
                    let let_go = || {
                        settled.land();
                        store.tell();
                    };
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(let_go)) {
                        // The leader's, unless it has gone already.
                        let unread =
                            answer.lock().as_mut().map(|answer| std::mem::replace(answer, Err(panic)));
                        drop(unread);
                    }
                }
                Err(panic) => {
                    *answer.lock() = Some(Err(panic));
                    drop(seats);
                }
            }
        });
        let convoy = Convoy::set_out(&flights, run);
        let rider = Rider::new(flight, true);
        drop((convoy, flights));
        rider.await;
        let answer = own.lock().take();
        match answer.expect("a run that its leader waits for is not cancelled") {
            Ok(results) => results,
            Err(panic) => resume_unwind(panic),
        }
    }
}

/// Takes the answer of a run apart and publishes it: what is left to tell, and the answers of the one who runs it. A panic, the
/// body's or one on the way, leaves the seats where they are.
fn finish<P, const ITEM: u8>(
    store: &Store<P::Key, P::Kept>,
    run: Run,
    seats: &mut Vec<Seat>,
    elems: &[P::Elem],
    share: Option<&Share<P>>,
    ended: std::thread::Result<P::Returned>,
) -> std::thread::Result<(Settled<P>, Results<P>)>
where
    P: Plan,
    P::Item: Outcome<ITEM, Kept = P::Kept>,
{
    assert_unguarded();
    let split = |returned| split_items::<P, ITEM>(P::split(returned, elems), seats.len());
    let split = ended.and_then(|returned| catch_unwind(AssertUnwindSafe(|| split(returned))));
    run.end(store, split.as_ref().map_or(seats.len() as u64, |(_, failures)| *failures));
    let (items, _) = split?;
    catch_unwind(AssertUnwindSafe(|| {
        let mut settled = store.settle_batch(seats, items);
        let own = settled.hand_out(share);
        (settled, own)
    }))
}

impl<K, V> StoreRef<'_, K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// See [`Store::call_batch`].
    async fn call_batch_async<P, C, const ITEM: u8>(
        self,
        keys: &[P::Elem],
        max: usize,
        crew: C,
    ) -> P::Returned
    where
        P: Plan<Key = K, Kept = V>,
        P::Item: Outcome<ITEM, Kept = V>,
        C: Crew<P, ITEM>,
    {
        let mut call = Call::<P, _>::new(keys, max);
        while !call.is_done() {
            let load = call.board(&self, |flight| Rider::new(flight, false));
            if !load.0.is_empty() {
                let places = places(&load.0);
                match crew.lead(&self, load, None).await {
                    Ok(items) => call.answer(&places, items),
                    Err(whole) => return P::failed(whole),
                }
                continue;
            }
            for (place, rider) in std::mem::take(&mut call.waits) {
                let answer = self.ride::<P, C, ITEM>(&keys[place], rider, &crew, None).await;
                if let Err(whole) = call.joined(place, answer) {
                    return P::failed(whole);
                }
            }
        }
        call.end()
    }

    /// Waits for a load that another leads, for one's own key where that is a member of a group; runs it here if nobody polls that one.
    async fn ride<P, C, const ITEM: u8>(
        &self,
        key: &P::Elem,
        mut rider: Rider,
        crew: &C,
        member: Option<&Member<P>>,
    ) -> Option<Result<P::Item, P::Whole>>
    where
        P: Plan<Key = K, Kept = V>,
        P::Item: Outcome<ITEM, Kept = V>,
        C: Crew<P, ITEM>,
    {
        if (&mut rider).await == Arrival::Neglected {
            let args = P::args(key);
            let begun = self.begin_instead(Arc::clone(self.flights()), rider.flight(), &args);
            let (lease, replaced) = begun?;
            drop(rider);
            self.count_miss();
            let load = (vec![Seat { lease, replaced, place: 0 }], vec![key.clone()]);
            return Some(only::<P>(crew.lead(self, load, None).await));
        }
        let landing = rider.flight().landing()?;
        let Some(member) = member else { return self.joined_batch::<P, ITEM>(landing) };
        let own = member.group.take(member.place).map(P::unpack).map(Ok);
        // Counted once it is certain: who gets no answer begins anew, and may find one or wait for another's.
        own.or_else(|| answer_of::<P, ITEM>(landing)).inspect(|_| self.count_miss())
    }

    /// See [`Store::load_one`].
    async fn load_one_async<P, C, const ITEM: u8>(self, key: P::Elem, how: Gathering, crew: C) -> P::One
    where
        P: Plan<Key = K, Kept = V>,
        P::Item: Outcome<ITEM, Kept = V>,
        C: Crew<P, ITEM>,
    {
        assert_max(how.max);
        let args = P::args(&key);
        let hash = self.hash(&args);
        if let Some(value) = self.hit(hash, &args) {
            return P::one(Ok(P::Item::from_kept(value)));
        }
        loop {
            let (lease, replaced) = match self.begin(Arc::clone(self.flights()), hash, &args) {
                Begin::Hit(value) => return P::one(Ok(P::Item::from_kept(value))),
                Begin::Join(flight) => {
                    let rider = Rider::new(flight, false);
                    match self.ride::<P, C, ITEM>(&key, rider, &crew, None).await {
                        Some(answer) => return P::one(answer),
                        None => continue,
                    }
                }
                Begin::Lead(lease, replaced) => (lease, replaced),
            };
            let flight = Arc::clone(lease.flight());
            flight.join();
            // From here on, so that the load goes on as long as this task wants it.
            let rider = Rider::new(Arc::clone(&flight), false);
            let gather = self.gather::<P>();
            let member = gather.join(&how, Seat { lease, replaced, place: 0 }, key.clone());
            let load = Turn::new(gather, &member, flight, &how).await;
            let answer = match load {
                Some(load) => match led(&load.0, member.place) {
                    Some(own) => {
                        self.count(Count::Misses, own.misses());
                        let share = (member.group, member.place);
                        own.answer::<P>(crew.lead(&self, load, Some(share)).await)
                    }
                    None => None,
                },
                None => self.ride::<P, C, ITEM>(&key, rider, &crew, Some(&member)).await,
            };
            if let Some(answer) = answer {
                return P::one(answer);
            }
        }
    }

    /// See [`Store::refresh_one`].
    async fn refresh_one_async<P, C, const ITEM: u8>(self, key: P::Elem, crew: C) -> P::One
    where
        P: Plan<Key = K, Kept = V>,
        P::Item: Outcome<ITEM, Kept = V>,
        C: Crew<P, ITEM>,
    {
        let (lease, replaced) = self.begin_refresh(Arc::clone(self.flights()), &P::args(&key));
        let load = (vec![Seat { lease, replaced, place: 0 }], vec![key]);
        P::one(only::<P>(crew.lead(&self, load, None).await))
    }
}

/// Everybody who waits for a key of a run can drive it: see [`BatchBody::driven`].
#[derive(Clone, Copy, Debug)]
pub struct ByAll;

/// Only the caller drives its runs, on whatever thread it is.
#[derive(Clone, Copy, Debug)]
pub struct ByCaller;

/// Only the caller drives its runs, and stays on its thread.
#[derive(Clone, Copy, Debug)]
pub struct ByThread;

impl<P, B, F> BatchBody<P, B, F>
where
    P: Plan,
    P::Item: Send,
    P::Whole: Send + 'static,
    P::Returned: Send,
    B: Fn(Vec<P::Elem>) -> F + Send + Sync,
    F: Future<Output = P::Returned> + Send + 'static,
{
    /// Who drives its runs: asked by method, so that it is the first of these for which the types are fit.
    pub fn driven(&self) -> ByAll {
        ByAll
    }
}

/// The same where only its caller drives a run. That a future borrows no method can find out: of one that does it is asked by the second
/// name.
pub trait BatchSent {
    /// See [`BatchBody::driven`].
    fn driven(&self) -> ByCaller {
        ByCaller
    }

    /// See [`BatchSent`].
    fn driven_here(&self) -> ByCaller {
        ByCaller
    }
}

impl<P, B, F> BatchSent for BatchBody<P, B, F>
where
    P: Plan,
    P::Item: Send,
    B: Fn(Vec<P::Elem>) -> F + Send + Sync,
    F: Future<Output = P::Returned> + Send,
{
}

/// The same where a run cannot be sent.
pub trait BatchHere {
    /// See [`BatchBody::driven`].
    fn driven(&self) -> ByThread {
        ByThread
    }

    /// See [`BatchSent`].
    fn driven_here(&self) -> ByThread {
        ByThread
    }
}

impl<P, B, F> BatchHere for &BatchBody<P, B, F> {}

/// The verbs. That their futures can be sent is said of them, and need not be asked of what they hold, which is found through the plan:
/// see [`store_async`](crate::store_async).
macro_rules! verbs {
    ($who:ident, $crew:ident, [$($sent:tt)*], [$($fit:tt)*]) => {
        impl $who {
            /// A call with a slice of keys.
            pub fn call<P, B, F, const ITEM: u8>(
                self,
                body: BatchBody<P, B, F>,
                memo: &Memo<P::Key, P::Kept>,
                keys: &[P::Elem],
                max: usize,
            ) -> impl Future<Output = P::Returned> $($sent)*
            where
                P: Plan,
                P::Item: Outcome<ITEM, Kept = P::Kept>,
                $($fit)*
            {
                async move { memo.store().call_batch_async::<P, _, ITEM>(keys, max, $crew(body.0)).await }
            }

            /// A call with one key.
            pub fn load<P, B, F, const ITEM: u8>(
                self,
                body: BatchBody<P, B, F>,
                memo: &Memo<P::Key, P::Kept>,
                key: P::Elem,
                how: Gathering,
            ) -> impl Future<Output = P::One> $($sent)*
            where
                P: Plan,
                P::Item: Outcome<ITEM, Kept = P::Kept>,
                $($fit)*
            {
                async move { memo.store().load_one_async::<P, _, ITEM>(key, how, $crew(body.0)).await }
            }

            /// `refresh` of one key.
            pub fn refresh<P, B, F, const ITEM: u8>(
                self,
                body: BatchBody<P, B, F>,
                memo: &Memo<P::Key, P::Kept>,
                key: P::Elem,
            ) -> impl Future<Output = P::One> $($sent)*
            where
                P: Plan,
                P::Item: Outcome<ITEM, Kept = P::Kept>,
                $($fit)*
            {
                async move { memo.store().refresh_one_async::<P, _, ITEM>(key, $crew(body.0)).await }
            }

            /// Loads keys ahead of their calls.
            pub fn warm<P, B, F, const ITEM: u8>(
                self,
                body: BatchBody<P, B, F>,
                memo: &Memo<P::Key, P::Kept>,
                keys: Vec<P::Elem>,
                max: usize,
                how: Warm<'_>,
            ) -> impl Future<Output = Warmed> $($sent)*
            where
                P: Plan,
                P::Item: Outcome<ITEM, Kept = P::Kept>,
                $($fit)*
            {
                async move { memo.store().warm_batch_async::<P, _, ITEM>(&keys, max, &how, Here(body.0)).await }
            }
        }
    };
}

verbs!(ByAll, Anywhere, [+ Send], [
    P::Item: Send,
    P::Whole: Send + 'static,
    P::Returned: Send,
    B: Fn(Vec<P::Elem>) -> F + Send + Sync,
    F: Future<Output = P::Returned> + Send + 'static,
]);
verbs!(ByCaller, Here, [+ Send], [
    P::Item: Send,
    B: Fn(Vec<P::Elem>) -> F + Send + Sync,
    F: Future<Output = P::Returned> + Send,
]);
verbs!(ByThread, Here, [], [
    B: Fn(Vec<P::Elem>) -> F,
    F: Future<Output = P::Returned>,
]);

/// A run that is timed. One that is cancelled is neither a load nor a failure.
struct Run {
    begun: Instant,
    keys: usize,
}

impl Run {
    fn start<K, V>(store: &Store<K, V>, keys: usize) -> Self
    where
        K: Send + Sync + 'static,
        V: Send + Sync + 'static,
    {
        store.count(Count::Batches, 1);
        Self { begun: Instant::now(), keys }
    }

    fn end<K, V>(self, store: &Store<K, V>, failures: u64)
    where
        K: Send + Sync + 'static,
        V: Send + Sync + 'static,
    {
        let time = self.begun.elapsed();
        telemetry::loaded(store.name(), time);
        store.count(Count::LoadNanos, u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
        store.count(Count::Loads, self.keys as u64 - failures);
        store.count(Count::LoadFailures, failures);
    }
}
