//! Loads of asynchronous functions whose options are simple, or that have none: the same as [those of others](super::simple), but that every
//! task drives the body which waits for it.
//!
//! What has no types is compiled once; what has is behind [`AnyTask`].

use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::simple::{AnyLoad, MADE};
use super::{AnyStore, Store};
use crate::context::{self, Frame};
use crate::engine::order::Ticket;
use crate::engine::table::{Aged, Change, Garbage, Seek};
use crate::flight::{AnyKey, Draft, Flight, Landing};
use crate::flights::{Boarding, Flights};
use crate::info::Count;
use crate::key::{Args, Lookup};
use crate::lease::Lease;
use crate::outcome::Outcome;
use crate::ride::{Arrival, Body, Caught, Rider};
use crate::scope;
use crate::still::Instant;
use crate::sync::{Mutex, assert_unguarded};
use crate::telemetry::traced;

/// An asynchronous call that found nothing, whatever its types are.
trait AnyTask: AnyLoad + Send {
    fn store(&self) -> Arc<dyn AnyStore>;
    /// Polls the body; whether it brought a value. User code.
    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<bool>;
    /// Drops the body, if it has not ended. User code.
    fn stop(&mut self);
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

/// Such a call on its way, until it is answered.
type Tasked = Pin<Box<dyn Future<Output = Box<dyn AnyTask>> + Send>>;

/// Sends a call on its way. No part of its caller: what a future does is compiled where it is boxed.
#[inline(never)]
fn send(task: Box<dyn AnyTask>, hash: u64) -> Tasked {
    Box::pin(load(task, hash))
}

/// Joins the load of a call's key or leads one.
async fn load(mut task: Box<dyn AnyTask>, hash: u64) -> Box<dyn AnyTask> {
    let store = task.store();
    match turn(&*store, &mut *task, hash).await {
        Some(lease) => lead(store, task, lease).await,
        None => task,
    }
}

/// Waits for the loads of others, if there are any; the lease of the call's own, unless one of them has answered it.
async fn turn(store: &dyn AnyStore, task: &mut dyn AnyTask, hash: u64) -> Option<Lease<Arc<Flights>>> {
    let core = store.core();
    loop {
        core.flights.assert_not_inside(&|other| task.is_key(other));
        let draft = Draft::new(hash, task.name_key(), None);
        let boarding = core.flights.board(hash, &|other| task.is_key(other), draft);
        let lease = match boarding {
            Boarding::Lead(flight) => Lease::new(Arc::clone(&core.flights), flight),
            Boarding::Join(flight) => {
                let mut rider = Rider::new(flight, false);
                if (&mut rider).await == Arrival::Neglected {
                    let draft = Draft::new(hash, task.name_key(), None);
                    let Some(flight) = core.flights.take_over_from(rider.flight(), draft) else { continue };
                    let lease = Lease::new(Arc::clone(&core.flights), flight);
                    rider.flight().forsake();
                    lease
                } else if rider.flight().landing().is_some_and(|landing| task.join(landing)) {
                    core.counters.one(Count::Coalesced);
                    return None;
                } else {
                    continue;
                }
            }
        };
        // Between the look-up and the boarding another load may have landed.
        if lease.inside(|| task.seek(hash)) {
            return None;
        }
        core.counters.one(Count::Misses);
        return Some(lease);
    }
}

/// Leads the load: puts it where every task that waits can drive it, and waits for it.
async fn lead(
    store: Arc<dyn AnyStore>,
    task: Box<dyn AnyTask>,
    lease: Lease<Arc<Flights>>,
) -> Box<dyn AnyTask> {
    let flight = Arc::clone(lease.flight());
    let own = Answer::default();
    flight.join();
    // Before there is anything to drive: were the leader no rider yet, the last of the others would cancel the load.
    let rider = Rider::new(Arc::clone(&flight), true);
    // Whoever polls it, the body sees the scopes of the one who led it.
    flight.set_drive(Box::pin(scope::carried().run(drive(store, task, lease, Arc::clone(&own)))));
    rider.await;
    let answer = own.lock().take();
    let (task, panic) = answer.expect("a load that its leader waits for is not cancelled");
    if let Some(panic) = panic {
        drop(task);
        resume_unwind(panic)
    }
    task
}

/// Where the leader finds what its load has come to: its call, and what that has panicked with, if it has.
type Answer = Arc<Mutex<Option<(Box<dyn AnyTask>, Option<Panic>)>>>;

/// What a panic says.
type Panic = Box<dyn Any + Send>;

/// Runs the body, stores what it returned, and tells those who wait.
async fn drive(store: Arc<dyn AnyStore>, task: Box<dyn AnyTask>, lease: Lease<Arc<Flights>>, answer: Answer) {
    // Where nobody goes on with it, the body goes first, then the lease, and last the key: its drop is user code, and may ask for this value.
    let mut task = task;
    let mut lease = lease;
    let (core, begun) = (store.core(), Instant::now());
    let mut led = Led { task: &mut *task, frame: Arc::clone(lease.flight()) as _ };
    let ended = Caught(traced(core.name, &mut led)).await;
    let stopped = catch_unwind(AssertUnwindSafe(|| drop(led)));
    let ended = ended.and_then(|has_value| stopped.map(|()| has_value));
    let counted = if matches!(ended, Ok(true)) { Count::Loads } else { Count::LoadFailures };
    core.count_load(counted, begun.elapsed());
    // With the publishing, which clones: whoever polls this must not get what another's value panics with.
    let settled = ended.and_then(|_| {
        catch_unwind(AssertUnwindSafe(|| {
            let garbage = store.publish_simple(&mut lease, &mut *task);
            lease.leave();
            (garbage, if lease.is_joined() { task.landing() } else { Landing::Nothing })
        }))
    });
    let (garbage, landing, panic) = match settled {
        Ok((garbage, landing)) => (garbage, landing, None),
        Err(panic) => (None, Landing::Nothing, Some(panic)),
    };
    // The answer lies ready before anybody is told that there is one.
    *answer.lock() = Some((task, panic));
    lease.land(|| landing);
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(garbage)));
    if let (Err(panic), Some((_, answered))) = (dropped, &mut *answer.lock()) {
        answered.get_or_insert(panic);
    }
    // Where the leader has gone, nobody is to be told what this panics with.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(answer)));
}

/// A body while it runs: on the stack of whatever thread polls it.
struct Led<'a> {
    task: &'a mut dyn AnyTask,
    frame: Arc<dyn Frame>,
}

impl Future for Led<'_> {
    type Output = bool;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<bool> {
        let _entered = context::enter(Arc::clone(&self.frame));
        assert_unguarded();
        self.task.poll_body(cx)
    }
}

impl Drop for Led<'_> {
    fn drop(&mut self) {
        let _entered = context::enter(Arc::clone(&self.frame));
        self.task.stop();
    }
}

/// An asynchronous call of such a function, on its way. It says of no type more than what it is, so that whether it can be sent does not depend
/// on lifetimes: see [`store_async`](crate::store_async).
pub(crate) struct TaskLoad<K, V, R, const MODE: u8> {
    store: Arc<Store<K, V>>,
    /// Until it is stored.
    key: Option<K>,
    /// How keys are compared.
    same: fn(&K, &K) -> bool,
    /// Until it has ended.
    body: Option<Body<R>>,
    /// What the call returns: a value of its own, or what is none.
    own: Option<V>,
    failed: Option<R>,
    /// What is to be stored, once it is made.
    value: Option<V>,
    /// What it comes in the place of.
    replaced: Option<Ticket>,
}

impl<K, V, R, const MODE: u8> TaskLoad<K, V, R, MODE>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    R: Outcome<MODE, Kept = V> + Send + 'static,
{
    /// One that is to look its key up, or to be [led](Self::led).
    pub(crate) fn new<A: Args<Key = K>>(store: Arc<Store<K, V>>, args: &A) -> Self {
        let (key, same) = (Some(args.to_key()), A::same as fn(&K, &K) -> bool);
        Self { store, key, same, body: None, own: None, failed: None, value: None, replaced: None }
    }

    /// The rest of the call, which runs this body unless another load answers it.
    pub(crate) fn led(mut self, hash: u64, body: Body<R>) -> TaskCall<K, V, R, MODE> {
        self.body = Some(body);
        TaskCall { task: send(Box::new(self), hash), _of: PhantomData }
    }

    fn settle(&mut self, returned: R) -> bool {
        match returned.split() {
            Ok(value) => self.own = Some(value),
            Err(failure) => self.failed = Some(R::from_failure(failure)),
        }
        self.own.is_some()
    }

    /// What the call returns.
    pub(crate) fn end(mut self) -> R {
        let (own, failed) = (self.own.take(), self.failed.take());
        // See `SimpleLoad::end`.
        drop(self);
        own.map(R::from_kept).or(failed).expect("a load ends with an answer")
    }
}

impl<K, V, R, const MODE: u8> AnyTask for TaskLoad<K, V, R, MODE>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    R: Outcome<MODE, Kept = V> + Send + 'static,
{
    fn store(&self) -> Arc<dyn AnyStore> {
        Arc::clone(&self.store) as _
    }

    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        let body = self.body.as_mut().expect("a body that has ended is not polled");
        let Poll::Ready(returned) = body.as_mut().poll(cx) else { return Poll::Pending };
        self.body = None;
        Poll::Ready(self.settle(returned))
    }

    fn stop(&mut self) {
        self.body = None;
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

impl<K, V, R, const MODE: u8> Seek<K, V> for TaskLoad<K, V, R, MODE>
where
    V: Clone,
    R: Outcome<MODE, Kept = V>,
{
    fn matches(&self, key: &K) -> bool {
        (self.same)(self.key.as_ref().expect("a key is looked for before it is stored"), key)
    }

    fn found(&mut self, value: &V) {
        self.own = Some(value.clone());
        self.store.counters.add(Count::Hits, 1);
    }
}

/// What an asynchronous call looks for before it makes its key.
struct Glance<'a, K, V, A> {
    store: &'a Store<K, V>,
    args: &'a A,
    value: Option<V>,
}

impl<K, V: Clone, A: Lookup<K>> Seek<K, V> for Glance<'_, K, V, A> {
    fn matches(&self, key: &K) -> bool {
        self.args.matches(key)
    }

    fn found(&mut self, value: &V) {
        self.value = Some(value.clone());
        self.store.counters.add(Count::Hits, 1);
    }
}

impl<K: Send + Sync + 'static, V: Clone + Send + Sync + 'static> Store<K, V> {
    /// The fresh value of a key, counted.
    pub(crate) fn glance(&self, hash: u64, args: &impl Lookup<K>) -> Option<V> {
        let mut glance = Glance { store: self, args, value: None };
        self.seek_simple(hash, &mut glance);
        glance.value
    }
}

impl<K, V, R, const MODE: u8> AnyLoad for TaskLoad<K, V, R, MODE>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    R: Outcome<MODE, Kept = V> + Send + 'static,
{
    fn seek(&mut self, hash: u64) -> bool {
        let store = Arc::clone(&self.store);
        self.replaced = store.seek_simple(hash, self);
        self.own.is_some()
    }

    fn is_key(&self, other: &dyn Any) -> bool {
        other.downcast_ref().is_some_and(|other| self.matches(other))
    }

    fn name_key(&mut self) -> Box<dyn AnyKey> {
        self.store.label.name_key(self.key.clone())
    }

    fn copy_key(&mut self, _: &Flight) {}

    fn copy_value(&mut self) -> bool {
        if self.value.is_none() {
            self.value.clone_from(&self.own);
        }
        self.value.is_some()
    }

    fn join(&mut self, landing: &Landing) -> bool {
        landing.told().is_some_and(|told| {
            self.settle(told);
            true
        })
    }

    fn replaced(&self) -> Option<Ticket> {
        self.replaced
    }

    fn keep(&mut self, hash: u64, aged: Option<&Aged>, garbage: &mut Garbage) -> Change {
        let made = (self.key.take().expect(MADE), self.value.take().expect(MADE));
        self.store.table.insert_simple(hash, made, aged, garbage)
    }

    fn landing(&mut self) -> Landing {
        if let Some(own) = &self.own {
            return Landing::value(own.clone());
        }
        let Some(Err(failure)) = self.failed.take().map(R::split) else { return Landing::Nothing };
        let shared = R::share(&failure);
        self.failed = Some(R::from_failure(failure));
        shared.map_or(Landing::Nothing, Landing::Failure)
    }
}

/// What a call is of; there is nothing in it.
type Types<K, V, R> = PhantomData<fn() -> (K, V, R)>;

/// The rest of a call that found nothing.
pub(crate) struct TaskCall<K, V, R, const MODE: u8> {
    task: Tasked,
    _of: Types<K, V, R>,
}

impl<K, V, R, const MODE: u8> Future for TaskCall<K, V, R, MODE>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    R: Outcome<MODE, Kept = V> + Send + 'static,
{
    type Output = R;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        let Poll::Ready(task) = self.task.as_mut().poll(cx) else { return Poll::Pending };
        let task = task.into_any().downcast::<TaskLoad<K, V, R, MODE>>();
        Poll::Ready(task.expect("it is the task that was sent").end())
    }
}
