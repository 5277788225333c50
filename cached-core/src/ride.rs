//! Tasks that wait for a load, and drive it while they wait.
//!
//! A load whose future owns all it needs is nobody's in particular: it lies in its flight, and every task that wants
//! its result polls it. So it goes on when the task that began it is dropped or is not polled any more, and it is
//! cancelled when the last task leaves. A load that borrows from its caller can only be polled by that caller; those who
//! wait for such a load, tasks or threads, watch whether it is.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use crate::alarm;
use crate::context::{self, Frame, Waiting};
use crate::flight::{Flight, Landing};
use crate::gate::Gate;
use crate::late::LoadTimeout;
use crate::limit::{Limit, Limited};
use crate::still::Instant;
use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::sync::{Mutex, assert_unguarded};

/// A load that any task can drive: body, publishing and landing in one.
pub(crate) type Drive = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A body that any task can drive.
pub(crate) type Body<R> = Pin<Box<dyn Future<Output = R> + Send>>;

/// How often, and how long at least, a waiter lets others go first after a body was woken that it cannot drive itself,
/// before it concludes that nobody polls it. A mistake costs a second load, nothing else.
const PATIENCE: (u32, Duration) = (if cfg!(shuttle) { 3 } else { 64 }, Duration::from_millis(20));

/// A load of several flights, of which each that has riders holds a share.
pub(crate) trait Redrive: Send + Sync {
    /// A share for a flight that has none.
    fn share(self: Arc<Self>) -> Drive;
}

/// The part of a flight that tasks use.
#[derive(Default)]
pub(crate) struct Ride {
    state: Mutex<State>,
    /// The body has been woken and not been polled since.
    woken: AtomicBool,
    /// The body is being polled by its own caller.
    polled: AtomicBool,
    /// How often it was.
    turns: AtomicUsize,
    /// A waiter watches whether it is. One is enough: a crowd that keeps asking would keep the caller from its turn.
    watched: AtomicBool,
    /// How often a waiter that watches has looked: one may be let lie itself.
    looks: AtomicUsize,
    /// Another load has taken its place, as its caller let it lie: whoever still waits finds that one.
    forsaken: AtomicBool,
    waker: OnceLock<Waker>,
}

#[derive(Default)]
struct State {
    drive: Option<Drive>,
    /// There is a load to drive, or was: it may be in another task's hands.
    drivable: bool,
    /// Where the load is to be had again, while others still want it.
    shared: Option<Weak<dyn Redrive>>,
    riders: usize,
    /// A task came to drive while another did.
    missed: bool,
}

impl Flight {
    /// Puts the load where every rider can drive it.
    pub(crate) fn set_drive(&self, drive: Drive) {
        let mut state = self.meeting().ride.state.lock();
        state.drive = Some(drive);
        state.drivable = true;
    }

    /// The same with a load of several flights: whoever rides has a share, and with the last one it is cancelled.
    pub(crate) fn set_shared_drive(&self, load: &Arc<impl Redrive + 'static>) {
        let weak: Weak<dyn Redrive> = Arc::downgrade(load) as _;
        let mut state = self.meeting().ride.state.lock();
        state.drivable = true;
        state.shared = Some(weak);
        if state.riders > 0 {
            state.drive = Some(Arc::clone(load).share());
        }
    }

    /// Notes that the load is in its caller's hands, until the answer is dropped.
    pub(crate) fn polled(&self) -> Polled<'_> {
        Polled::new(&self.meeting().ride, &self.meeting().gate)
    }

    /// Wakes all riders when the body is to be polled.
    pub(crate) fn body_waker(self: &Arc<Self>) -> &Waker {
        self.meeting()
            .ride
            .waker
            .get_or_init(|| Waker::from(Arc::new(BodyWaker { flight: Arc::downgrade(self) })))
    }

    /// Polls the load, unless another task is at it.
    fn drive(self: &Arc<Self>) {
        let taken = {
            let mut state = self.meeting().ride.state.lock();
            let taken = state.drive.take();
            state.missed |= taken.is_none();
            taken
        };
        let Some(mut drive) = taken else { return };
        self.meeting().ride.woken.store(false, Ordering::SeqCst);
        assert_unguarded();
        if drive.as_mut().poll(&mut Context::from_waker(self.body_waker())).is_pending() {
            let missed = {
                let mut state = self.meeting().ride.state.lock();
                state.drive = Some(drive);
                std::mem::take(&mut state.missed)
            };
            // The body was woken while it was polled, and who came because of that found it taken. This task may not be
            // polled again, so the others must.
            if missed && self.meeting().ride.woken.load(Ordering::SeqCst) {
                self.meeting().gate.wake();
            }
        }
    }

    /// Whether the body was woken and nobody polls it.
    fn is_neglected(&self) -> bool {
        self.meeting().ride.woken.load(Ordering::SeqCst) && !self.meeting().ride.polled.load(Ordering::SeqCst)
    }

    /// Has all who wait for it look for the load that has taken its place.
    pub(crate) fn forsake(&self) {
        self.meeting().ride.forsaken.store(true, Ordering::SeqCst);
        self.meeting().gate.wake();
    }

    fn is_forsaken(&self) -> bool {
        self.meeting().ride.forsaken.load(Ordering::SeqCst)
    }

    /// How often its own caller has polled the body.
    fn turns(&self) -> usize {
        self.meeting().ride.turns.load(Ordering::SeqCst)
    }

    /// A thread's wait for a load that may be a task's: what it brought; or nothing where that task was woken and does not go on
    /// with it. Panics where waiting would never end, naming the circle.
    pub(crate) fn wait_watching(self: &Arc<Self>) -> Option<&Landing> {
        if !self.has_landed() {
            let waiting = context::wait_for(&(Arc::clone(self) as Arc<dyn Frame>));
            let waiting = waiting.unwrap_or_else(|circle| circle.report());
            let gate = &self.meeting().gate;
            while !gate.wait_unless(|| self.is_forsaken() || self.is_neglected()) {
                if self.stays_neglected() {
                    return None;
                }
            }
            drop(waiting);
        }
        self.landing()
    }

    /// Whether its caller has let it lie for as long as others are patient, or another load has taken its place. Returns early where
    /// it has not, or it has landed.
    fn stays_neglected(&self) -> bool {
        let (since, turns) = (Instant::now(), self.turns());
        while !self.is_forsaken() && self.is_neglected() && self.turns() == turns {
            if since.elapsed() > PATIENCE.1 {
                return true;
            }
            if self.meeting().gate.wait_for(PATIENCE.1 / 4) {
                return false;
            }
        }
        self.is_forsaken()
    }
}

/// Handed to bodies. Whatever wakes a body wakes all who wait for it.
struct BodyWaker {
    flight: Weak<Flight>,
}

impl Wake for BodyWaker {
    fn wake(self: Arc<Self>) {
        if let Some(flight) = self.flight.upgrade() {
            flight.meeting().ride.woken.store(true, Ordering::SeqCst);
            flight.meeting().gate.wake();
        }
    }
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    Landed,
    /// The caller whose load it is does not poll it.
    Neglected,
}

/// What a waiter saw of a load that another waiter watches, and when it looks again.
struct Trust {
    /// How often the body's caller had polled it, and how often the other had looked.
    seen: (usize, usize),
    alarm: alarm::Sleep,
}

impl Trust {
    fn new(seen: (usize, usize)) -> Self {
        Self { seen, alarm: alarm::Sleep::new(PATIENCE.1) }
    }
}

/// A task that waits for a load, and drives it where it can.
pub(crate) struct Rider {
    flight: Arc<Flight>,
    number: Option<u64>,
    /// Times it was polled since it saw the body neglected, when that was, and how often its caller had polled the body by then.
    patience: Option<(u32, Instant, usize)>,
    /// What it trusts another to watch.
    trust: Option<Box<Trust>>,
    /// For whom the wait is noted; the leader does not wait for another.
    waiting: Option<Waiting>,
    leads: bool,
    left: bool,
}

impl Rider {
    pub(crate) fn new(flight: Arc<Flight>, leads: bool) -> Self {
        {
            let mut state = flight.meeting().ride.state.lock();
            state.riders += 1;
            if state.riders == 1 && state.drive.is_none() {
                let shared = state.shared.as_ref().and_then(Weak::upgrade);
                state.drive = shared.map(Redrive::share);
            }
        }
        Self { flight, number: None, patience: None, trust: None, waiting: None, leads, left: false }
    }

    pub(crate) fn flight(&self) -> &Arc<Flight> {
        &self.flight
    }

    /// Where the body cannot be driven from here: whether its own caller forgot it.
    fn loses_patience(&mut self, waker: &Waker) -> bool {
        if self.flight.meeting().ride.state.lock().drivable || !self.flight.is_neglected() {
            self.stop_watching();
            return false;
        }
        let is_others =
            self.patience.is_none() && self.flight.meeting().ride.watched.swap(true, Ordering::SeqCst);
        if is_others && !self.loses_trust(waker) {
            return false;
        }
        self.flight.meeting().ride.looks.fetch_add(1, Ordering::SeqCst);
        let turns = self.flight.turns();
        // Its caller goes on with it, however slowly.
        self.patience = self.patience.filter(|(.., then)| *then == turns);
        let (polls, since, _) = self.patience.get_or_insert_with(|| (0, Instant::now(), turns));
        *polls += 1;
        let lost = *polls > PATIENCE.0 && since.elapsed() > PATIENCE.1;
        waker.wake_by_ref();
        lost
    }

    /// Where another task watches: whether that has not looked for as long as one is patient, nor the body's caller.
    fn loses_trust(&mut self, waker: &Waker) -> bool {
        let seen = (self.flight.turns(), self.flight.meeting().ride.looks.load(Ordering::SeqCst));
        loop {
            let trust = self.trust.get_or_insert_with(|| Box::new(Trust::new(seen)));
            if trust.alarm.poll_by(waker).is_none_or(|ended| ended.is_pending()) {
                return false;
            }
            if self.trust.take().is_some_and(|trust| trust.seen == seen) {
                return true;
            }
        }
    }

    /// Waits no longer.
    fn leave(&mut self) {
        if std::mem::replace(&mut self.left, true) {
            return;
        }
        self.flight.meeting().gate.leave(self.number);
        if self.patience.is_some() {
            self.stop_watching();
            // Somebody else is to watch.
            self.flight.meeting().gate.wake();
        }
        let cancelled = {
            let mut state = self.flight.meeting().ride.state.lock();
            state.riders -= 1;
            if state.riders == 0 { state.drive.take() } else { None }
        };
        // With the load goes its lease, which lets go of whoever boarded at this very moment.
        drop(cancelled);
    }

    fn stop_watching(&mut self) {
        self.trust = None;
        if self.patience.take().is_some() {
            self.flight.meeting().ride.watched.store(false, Ordering::SeqCst);
        }
    }
}

impl Future for Rider {
    type Output = Arrival;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Arrival> {
        let this = &mut *self;
        let flight = Arc::clone(&this.flight);
        if flight.has_landed() {
            return Poll::Ready(Arrival::Landed);
        }
        if !this.leads && this.waiting.is_none() {
            match context::wait_for(&(Arc::clone(&flight) as Arc<dyn Frame>)) {
                Ok(waiting) => this.waiting = Some(waiting),
                Err(circle) => {
                    this.leave();
                    circle.report();
                }
            }
        }
        flight.meeting().gate.register(&mut this.number, cx.waker());
        flight.drive();
        if flight.has_landed() {
            return Poll::Ready(Arrival::Landed);
        }
        if !this.leads && (flight.is_forsaken() || this.loses_patience(cx.waker())) {
            return Poll::Ready(Arrival::Neglected);
        }
        Poll::Pending
    }
}

impl Drop for Rider {
    fn drop(&mut self) {
        self.leave();
    }
}

/// A body while it runs: on the stack of whatever thread polls it.
pub(crate) struct Led<F: ?Sized> {
    /// Until this is dropped.
    body: Option<Pin<Box<F>>>,
    frame: Arc<dyn Frame>,
}

impl<F: Future> Led<F> {
    pub(crate) fn new(body: F, frame: Arc<dyn Frame>) -> Self {
        Self::of(Box::pin(body), frame)
    }
}

impl<F: Future + ?Sized> Led<F> {
    pub(crate) fn of(body: Pin<Box<F>>, frame: Arc<dyn Frame>) -> Self {
        Self { body: Some(body), frame }
    }
}

impl<F: Future + ?Sized> Future for Led<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let _entered = context::enter(Arc::clone(&self.frame));
        assert_unguarded();
        self.body.as_mut().expect("it is there until this is dropped").as_mut().poll(cx)
    }
}

impl<F: ?Sized> Drop for Led<F> {
    /// What the body holds goes as part of the load, too: its drop is user code, and may want the very value.
    fn drop(&mut self) {
        let _entered = context::enter(Arc::clone(&self.frame));
        self.body = None;
    }
}

/// The same for a body that only its own caller can poll: lets those who wait see whether it does.
pub(crate) struct LedHere<F> {
    led: Limited<F>,
    flight: Arc<Flight>,
    own: Arc<Mutex<Option<Waker>>>,
    relay: Waker,
}

impl<F: Future> LedHere<F> {
    pub(crate) fn new(body: F, flight: &Arc<Flight>, limit: Option<Limit>) -> Self {
        let own = Arc::new(Mutex::new(None));
        let relay = Relay { own: Arc::clone(&own), others: flight.body_waker().clone() };
        let led = Limited::new(Led::new(body, Arc::clone(flight) as _), limit);
        Self { led, flight: Arc::clone(flight), own, relay: Waker::from(Arc::new(relay)) }
    }
}

impl<F: Future> Future for LedHere<F> {
    type Output = Result<F::Output, LoadTimeout>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let waker = Some(cx.waker().clone());
        let old = std::mem::replace(&mut *self.own.lock(), waker);
        drop(old);
        let relay = self.relay.clone();
        let flight = Arc::clone(&self.flight);
        let _polled = flight.polled();
        Pin::new(&mut self.led).poll(&mut Context::from_waker(&relay))
    }
}

/// A body in its caller's hands, until this is dropped.
pub(crate) struct Polled<'a>(&'a Ride, &'a Gate);

impl<'a> Polled<'a> {
    fn new(ride: &'a Ride, gate: &'a Gate) -> Self {
        ride.polled.store(true, Ordering::SeqCst);
        ride.turns.fetch_add(1, Ordering::SeqCst);
        ride.woken.store(false, Ordering::SeqCst);
        Self(ride, gate)
    }
}

impl Drop for Polled<'_> {
    fn drop(&mut self) {
        self.0.polled.store(false, Ordering::SeqCst);
        // Who was woken meanwhile has seen it in good hands, and would not look again.
        if self.0.woken.load(Ordering::SeqCst) {
            self.1.wake();
        }
    }
}

/// Wakes the caller whose body it is, and those who wait.
struct Relay {
    own: Arc<Mutex<Option<Waker>>>,
    others: Waker,
}

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        let own = self.own.lock().take();
        if let Some(own) = own {
            own.wake();
        }
        self.others.wake_by_ref();
    }
}

/// Catches what a future panics with.
pub(crate) struct Caught<F>(pub(crate) F);

impl<F: Future + Unpin> Future for Caught<F> {
    type Output = std::thread::Result<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // The future is dropped after a panic and nobody sees what it left behind.
        let poll = std::panic::AssertUnwindSafe(|| Pin::new(&mut self.0).poll(cx));
        match std::panic::catch_unwind(poll) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}
