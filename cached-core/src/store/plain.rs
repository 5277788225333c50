//! The short way of a value that was loaded into a store where nothing is asked of it but that it is kept: most loads take it.

use std::ops::Deref;

use super::Store;
use crate::engine::entry::Entry;
use crate::engine::table::Inserted;
use crate::flight::Landing;
use crate::flights::Flights;
use crate::lease::Lease;

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Stores a value that comes in the place of nothing, if the lease still holds, and tells those who wait. What the caller
    /// is given.
    #[inline]
    pub(super) fn land_plain<H>(&self, mut lease: Lease<K, V, H>, value: V) -> V
    where
        K: Clone,
        V: Clone,
        H: Deref<Target = Flights<K, V>>,
    {
        let own = value.clone();
        let flight = lease.flight();
        let (hash, key) = (flight.hash, flight.key.clone());
        let entry = Entry::plain(hash, key, value);
        let Some(held) = lease.hold() else {
            let removed = self.take_back(&lease, hash);
            lease.land(|| Landing::Value(own.clone()));
            drop((removed, entry));
            return own;
        };
        // Dropped at the end, when those who wait have been told: a drop may wait for anything.
        let mut inserted = Inserted::default();
        self.table.insert_into(&mut inserted, entry, None, 0);
        drop(held);
        self.note_inserted(&mut inserted);
        lease.land(|| Landing::Value(own.clone()));
        own
    }
}
