//! Loading in the place of a caller that began a load and does not go on with it.

use std::ops::Deref;
use std::sync::Arc;

use super::Store;
use crate::engine::order::Ticket;
use crate::flight::Flight;
use crate::flights::Flights;
use crate::key::Args;
use crate::lease::Lease;

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Takes this load over from its caller, and has all others who wait for it look again: they find the one that begins now. `None`
    /// where somebody else did so first, or it has ended or lost its lease: whoever asks is to begin anew.
    #[cold]
    pub(crate) fn begin_instead<A, H>(
        &self,
        flights: H,
        neglected: &Arc<Flight>,
        args: &A,
    ) -> Option<(Lease<H>, Option<Ticket>)>
    where
        A: Args<Key = K>,
        H: Deref<Target = Flights>,
    {
        let draft = self.draft(neglected.hash, args.to_key());
        let flight = flights.take_over_from(neglected, draft)?;
        let lease = Lease::new(flights, flight);
        neglected.forsake();
        let hash = neglected.hash;
        self.forget_error(hash, args);
        Some((lease, self.find(hash, args)))
    }
}
