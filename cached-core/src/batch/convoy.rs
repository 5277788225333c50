//! A run that several flights wait for, driven by whoever waits for any of them.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Wake, Waker};

use crate::context::Frame;
use crate::flight::Flight;
use crate::ride::{Drive, Led, Redrive};
use crate::scope;
use crate::sync::{Mutex, assert_unguarded};

/// A run in the hands of all its flights: each that somebody rides on holds a share, and with the last it is cancelled.
pub(crate) struct Convoy {
    state: Mutex<State>,
    woken: AtomicBool,
    flights: Vec<Weak<Flight>>,
}

struct State {
    /// `None` while somebody polls it, and when it has ended.
    run: Option<Drive>,
    ended: bool,
    /// Somebody came to drive while another did.
    missed: bool,
}

impl Convoy {
    /// Puts a run where every rider of these flights can drive it. Until somebody rides, only the answer keeps it.
    pub(crate) fn set_out(flights: &[Arc<Flight>], run: Drive) -> Arc<Self> {
        // Whoever drives it, the body sees the scopes of the one who led it.
        let run: Drive = Box::pin(scope::carried().run(run));
        let state = Mutex::new(State { run: Some(run), ended: false, missed: false });
        let weak = flights.iter().map(Arc::downgrade).collect();
        let convoy = Arc::new(Self { state, woken: AtomicBool::new(false), flights: weak });
        flights.iter().for_each(|flight| flight.set_shared_drive(&convoy));
        convoy
    }

    fn wake_all(&self) {
        self.flights.iter().filter_map(Weak::upgrade).for_each(|flight| flight.body_waker().wake_by_ref());
    }
}

impl Redrive for Convoy {
    fn share(self: Arc<Self>) -> Drive {
        Box::pin(Share(self))
    }
}

impl Wake for Convoy {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::SeqCst);
        self.wake_all();
    }
}

/// Wakes a convoy, but does not keep it.
struct Horn(Weak<Convoy>);

impl Wake for Horn {
    fn wake(self: Arc<Self>) {
        if let Some(convoy) = self.0.upgrade() {
            convoy.wake();
        }
    }
}

/// One flight's share.
struct Share(Arc<Convoy>);

impl Future for Share {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let convoy = &self.0;
        let taken = {
            let mut state = convoy.state.lock();
            if state.ended {
                return Poll::Ready(());
            }
            let taken = state.run.take();
            state.missed |= taken.is_none();
            taken
        };
        let Some(mut run) = taken else { return Poll::Pending };
        convoy.woken.store(false, Ordering::SeqCst);
        assert_unguarded();
        let horn = Waker::from(Arc::new(Horn(Arc::downgrade(convoy))));
        if run.as_mut().poll(&mut Context::from_waker(&horn)).is_ready() {
            convoy.state.lock().ended = true;
            return Poll::Ready(());
        }
        let missed = {
            let mut state = convoy.state.lock();
            state.run = Some(run);
            std::mem::take(&mut state.missed)
        };
        // As in `Flight::drive`: woken while it was polled, and who came found it taken.
        if missed && convoy.woken.load(Ordering::SeqCst) {
            convoy.wake_all();
        }
        Poll::Pending
    }
}

/// A run that only its own caller can poll: lets those who wait for any of its flights see whether it does.
pub(crate) struct LedTogether<F> {
    led: Led<F>,
    flights: Vec<Arc<Flight>>,
    own: Arc<Mutex<Option<Waker>>>,
    relay: Waker,
}

impl<F: Future> LedTogether<F> {
    pub(crate) fn new(body: F, frame: Arc<dyn Frame>, flights: Vec<Arc<Flight>>) -> Self {
        let own = Arc::new(Mutex::new(None));
        let others = flights.iter().map(|flight| flight.body_waker().clone()).collect();
        let relay = Waker::from(Arc::new(Relay { own: Arc::clone(&own), others }));
        Self { led: Led::new(body, frame), flights, own, relay }
    }
}

impl<F: Future> Future for LedTogether<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        let waker = Some(cx.waker().clone());
        let old = std::mem::replace(&mut *this.own.lock(), waker);
        drop(old);
        let _polled: Vec<_> = this.flights.iter().map(|flight| flight.polled()).collect();
        Pin::new(&mut this.led).poll(&mut Context::from_waker(&this.relay))
    }
}

struct Relay {
    own: Arc<Mutex<Option<Waker>>>,
    others: Vec<Waker>,
}

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        let own = self.own.lock().take();
        if let Some(own) = own {
            own.wake();
        }
        self.others.iter().for_each(Waker::wake_by_ref);
    }
}
