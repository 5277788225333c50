//! One run of a batch body, as the keys in it see it.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::plan::Plan;
use crate::context::{self, Frame};
use crate::engine::order::Ticket;
use crate::flight::{Flight, Label};
use crate::key::Lookup;
use crate::store_async::Shared;
use crate::sync::Mutex;

/// A key that a run is to load: its lease, and the place of the caller's that the answer belongs to.
pub(crate) struct Seat<P: Plan> {
    pub(crate) lease: Shared<P::Key, P::Kept>,
    pub(crate) replaced: Option<Ticket>,
    pub(crate) place: usize,
}

impl<P: Plan> Seat<P> {
    pub(crate) fn flight(&self) -> &Arc<Flight<P::Key, P::Kept>> {
        self.lease.flight()
    }
}

/// A run of the body: the one load on the stack, for all keys in it. Whoever waits for one of these keys waits for it.
pub(crate) struct Chunk<K> {
    /// As in [`Flight`]: which cache it belongs to.
    home: usize,
    keys: Vec<K>,
    label: Label<K>,
    parent: Mutex<Option<Arc<dyn Frame>>>,
    ended: AtomicBool,
}

/// The keys that a report of a circle names.
const NAMED: usize = 3;

impl<K: Clone + Send + Sync + 'static> Chunk<K> {
    /// A run that this thread is about to begin.
    pub(crate) fn enter<P: Plan<Key = K>>(seats: &[Seat<P>], label: Label<K>) -> Arc<Self> {
        let home = seats.first().map_or(0, |seat| seat.flight().home);
        let keys = seats.iter().map(|seat| seat.flight().key.clone()).collect();
        let (parent, ended) = (Mutex::new(context::current()), AtomicBool::new(false));
        let chunk = Arc::new(Self { home, keys, label, parent, ended });
        seats.iter().for_each(|seat| seat.flight().run_in(Arc::clone(&chunk) as _));
        chunk
    }
}

impl<K: Send + Sync + 'static> Chunk<K> {
    /// Nobody can wait for it any more in a way that matters.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        let parent = self.parent.lock().take();
        drop(parent);
    }

    /// Whether this cache's run has the key.
    pub(crate) fn loads(&self, home: usize, key: &impl Lookup<K>) -> bool {
        self.home == home && self.keys.iter().any(|own| key.matches(own))
    }
}

impl<K: Send + Sync + 'static> Frame for Chunk<K> {
    fn parent(&self) -> Option<Arc<dyn Frame>> {
        self.parent.lock().clone()
    }

    fn has_landed(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label.name)?;
        let Some(debug) = self.label.debug else { return f.write_str("([..])") };
        f.write_str("([")?;
        for (index, key) in self.keys.iter().take(NAMED).enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            debug(key, f)?;
        }
        f.write_str(if self.keys.len() > NAMED { ", ..])" } else { "])" })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
