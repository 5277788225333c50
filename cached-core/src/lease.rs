//! The right to run a body and to publish what it returns, unless it is taken away meanwhile.

use std::hash::Hasher;
use std::ops::Deref;
use std::sync::Arc;

use crate::clock::Time;
use crate::flight::{Flight, Landing};
use crate::flights::Flights;
use crate::key::Lookup;

/// See the module's words. Dropping it, as an unwinding body does, lets go of those who wait.
pub(crate) struct Lease<K, V, H>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
    H: Deref<Target = Flights<K, V>>,
{
    flights: H,
    flight: Arc<Flight<K, V>>,
    /// Whether the load has not ended yet.
    open: bool,
    /// How keys are compared, where this load was asked for by `refresh`.
    same: Option<fn(&K, &K) -> bool>,
    /// Until when it stores only in the place of what is there.
    only_until: Time,
}

/// A key that is looked up by itself.
struct Own<'a, K> {
    key: &'a K,
    same: fn(&K, &K) -> bool,
}

impl<K> Lookup<K> for Own<'_, K> {
    fn hash_into<H: Hasher>(&self, _: &mut H) {
        unreachable!("its flight knows the hash")
    }

    fn matches(&self, key: &K) -> bool {
        (self.same)(self.key, key)
    }
}

impl<K, V, H> Lease<K, V, H>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
    H: Deref<Target = Flights<K, V>>,
{
    /// For a flight that has been entered.
    pub(crate) fn new(flights: H, flight: Arc<Flight<K, V>>) -> Self {
        Self { flights, flight, open: true, same: None, only_until: 0 }
    }

    pub(crate) fn flight(&self) -> &Arc<Flight<K, V>> {
        &self.flight
    }

    /// Makes it the load of a `refresh`.
    pub(crate) fn of_refresh(mut self, same: fn(&K, &K) -> bool) -> Self {
        self.same = Some(same);
        self
    }

    /// Makes it the load of an entry that has grown old: until that ends by itself, it stores only in its place.
    pub(crate) fn of_reload(mut self, until: Time) -> Self {
        self.only_until = until;
        self
    }

    pub(crate) fn is_of_reload(&self) -> bool {
        self.only_until != 0
    }

    pub(crate) fn is_of_refresh(&self) -> bool {
        self.same.is_some()
    }

    /// Whether what is stored now has to come in the place of what was there.
    pub(crate) fn only_replaces(&self, now: Time) -> bool {
        now < self.only_until
    }

    /// For a refresh that has lost its lease: whoever has it now may have read before this one did, so that its value must
    /// not be stored either. Gives the key, for what is stored already to be removed.
    pub(crate) fn revoke_others(&self) -> Option<impl Lookup<K>> {
        let own = Own { key: &self.flight.key, same: self.same? };
        self.flights.revoke(self.flight.hash, &own);
        Some(own)
    }

    /// Ends the load: `publish` runs if the lease still holds, and nobody can take it away until it is done.
    /// It must not run user code.
    #[inline]
    pub(crate) fn publish<R>(&mut self, publish: impl FnOnce() -> R) -> Option<R> {
        self.open = false;
        self.flights.end(&self.flight, publish)
    }

    /// Whether another writer of this key has taken the lease. Certain once it has [left](Self::leave).
    pub(crate) fn is_superseded(&self) -> bool {
        self.flight.is_superseded()
    }

    /// Whether anybody waits for this load. Certain once it has [left](Self::leave).
    pub(crate) fn is_joined(&self) -> bool {
        self.flight.is_joined()
    }

    /// Tells those who wait; what they are told is made only if there are any.
    #[inline]
    pub(crate) fn land(mut self, landing: impl FnOnce() -> Landing<V>) {
        self.leave();
        if self.is_joined() {
            self.flight.land(landing());
        }
    }

    /// Ends the load without publishing. From now on nobody can join it.
    #[inline]
    pub(crate) fn leave(&mut self) {
        if std::mem::replace(&mut self.open, false) {
            self.flights.end(&self.flight, || ());
        }
    }
}

impl<K, V, H> Drop for Lease<K, V, H>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
    H: Deref<Target = Flights<K, V>>,
{
    #[inline]
    fn drop(&mut self) {
        self.leave();
        if self.is_joined() {
            // Void if the load has landed.
            self.flight.land(Landing::Nothing);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flight::Label;
    use crate::flights::Boarding;
    use crate::key::ByKey;

    type Home<'a> = &'a Flights<u64, u64>;

    const LABEL: Label<u64> = Label { name: "test", debug: None, tuple: false };

    /// One hash for all keys: they are told apart by comparison alone.
    fn board(flights: Home<'_>, key: u64) -> Boarding<u64, u64, Home<'_>> {
        Flights::board(flights, 7, &ByKey(&key), || key, LABEL)
    }

    fn lead(flights: Home<'_>, key: u64) -> Lease<u64, u64, Home<'_>> {
        match board(flights, key) {
            Boarding::Lead(lease) => lease,
            Boarding::Join(_) => panic!("nobody else was to lead"),
        }
    }

    #[test]
    fn a_load_is_joined_until_it_ends_and_leaves_nothing() {
        let flights = Flights::new(None);
        let (one, two) = (lead(&flights, 1), lead(&flights, 2));
        let Boarding::Join(joined) = board(&flights, 2) else { panic!() };
        assert!(Arc::ptr_eq(&joined, two.flight()) && two.is_joined());
        drop(one);
        two.land(|| Landing::Value(20));
        assert!(matches!(joined.wait(), Landing::Value(20)));
        assert!(flights.is_empty());
    }

    #[test]
    fn a_lease_that_was_taken_away_publishes_nothing() {
        let flights = Flights::new(None);
        let (mut one, mut two) = (lead(&flights, 1), lead(&flights, 2));
        flights.revoke(7, &ByKey(&1));
        assert_eq!(one.publish(|| ()), None);
        assert_eq!(two.publish(|| ()), Some(()));
        let mut other = lead(&flights, 3);
        let mut newer = Flights::take_over(&flights, 7, &ByKey(&3), 3, LABEL);
        assert_eq!((other.publish(|| ()), newer.publish(|| ())), (None, Some(())));
        let mut last = lead(&flights, 4);
        flights.revoke_all();
        assert_eq!(last.publish(|| ()), None);
        assert!(flights.is_empty());
    }

    #[test]
    fn a_lease_that_is_dropped_lets_go_of_those_who_wait() {
        let flights = Flights::new(None);
        let lease = lead(&flights, 1);
        let Boarding::Join(joined) = board(&flights, 1) else { panic!() };
        drop(lease);
        assert!(matches!(joined.wait(), Landing::Nothing));
        drop(lead(&flights, 1));
    }
}
