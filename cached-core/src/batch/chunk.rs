//! One run of a batch body, as the keys in it see it.

use std::any::Any;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use crate::context::{self, Frame};
use crate::engine::order::Ticket;
use crate::flight::Flight;
use crate::flights::IsKey;
use crate::store_async::Shared;
use crate::sync::Mutex;

/// A key that a run is to load: its lease, and the place of the caller's that the answer belongs to.
pub(crate) struct Seat {
    pub(crate) lease: Shared,
    pub(crate) replaced: Option<Ticket>,
    pub(crate) place: usize,
}

impl Seat {
    pub(crate) fn flight(&self) -> &Arc<Flight> {
        self.lease.flight()
    }
}

/// A run of the body: the one load on the stack, for all keys in it. Whoever waits for one of these keys waits for it.
pub(crate) struct Chunk {
    /// As in [`Flight`]: which cache it belongs to.
    home: usize,
    /// The loads of its keys. Weak, as each knows its run.
    flights: Vec<Weak<Flight>>,
    name: &'static str,
    parent: Mutex<Option<Arc<dyn Frame>>>,
    ended: AtomicBool,
}

/// The keys that a report of a circle names.
const NAMED: usize = 3;

impl Chunk {
    /// A run that this thread is about to begin.
    pub(crate) fn enter(seats: &[Seat], name: &'static str) -> Arc<Self> {
        let home = seats.first().map_or(0, |seat| seat.flight().home);
        let flights = seats.iter().map(|seat| Arc::downgrade(seat.flight())).collect();
        let (parent, ended) = (Mutex::new(context::current()), AtomicBool::new(false));
        let chunk = Arc::new(Self { home, flights, name, parent, ended });
        seats.iter().for_each(|seat| seat.flight().run_in(Arc::clone(&chunk) as _));
        chunk
    }

    /// Nobody can wait for it any more in a way that matters.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        let parent = self.parent.lock().take();
        drop(parent);
    }

    /// Whether this cache's run has the key.
    pub(crate) fn loads(&self, home: usize, is_key: IsKey<'_>) -> bool {
        self.home == home && self.flights().any(|flight| is_key(flight.any_key()))
    }

    fn flights(&self) -> impl Iterator<Item = Arc<Flight>> {
        self.flights.iter().filter_map(Weak::upgrade)
    }
}

impl Frame for Chunk {
    fn parent(&self) -> Option<Arc<dyn Frame>> {
        self.parent.lock().clone()
    }

    fn has_landed(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        f.write_str("([")?;
        for (index, flight) in self.flights().take(NAMED).enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            match flight.show_key(f) {
                Some(shown) => shown?,
                None => return f.write_str("..])"),
            }
        }
        f.write_str(if self.flights.len() > NAMED { ", ..])" } else { "])" })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
