//! The right to run a body and to publish what it returns, unless it is taken away meanwhile.

use std::any::Any;
use std::hash::Hasher;
use std::ops::Deref;
use std::sync::Arc;

use crate::clock::Time;
use crate::context;
use crate::flight::{Flight, Landing, Purpose, SameKeys};
use crate::flights::{Flights, Held};
use crate::key::Lookup;

/// See the module's words. Dropping it, as an unwinding body does, lets go of those who wait. What more is to be known of it
/// lies in its flight, so that to hand it on moves but two pointers.
pub(crate) struct Lease<H>
where
    H: Deref<Target = Flights>,
{
    flights: H,
    flight: Arc<Flight>,
}

/// A key that is looked up by itself.
pub(crate) struct Own<'a> {
    key: &'a dyn Any,
    same: SameKeys,
}

impl<K: 'static> Lookup<K> for Own<'_> {
    fn hash_into<H: Hasher>(&self, _: &mut H) {
        unreachable!("its flight knows the hash")
    }

    fn matches(&self, key: &K) -> bool {
        self.is(key)
    }
}

impl Own<'_> {
    fn is(&self, key: &dyn Any) -> bool {
        (self.same)(self.key, key)
    }
}

impl<H> Lease<H>
where
    H: Deref<Target = Flights>,
{
    /// For a flight that has been entered.
    pub(crate) fn new(flights: H, flight: Arc<Flight>) -> Self {
        Self { flights, flight }
    }

    pub(crate) fn flight(&self) -> &Arc<Flight> {
        &self.flight
    }

    /// Runs user code that has a say in what is stored as part of the load: what it calls may want that very value, and is told so then.
    pub(crate) fn inside<R>(&self, run: impl FnOnce() -> R) -> R {
        let _entered = context::enter(Arc::clone(&self.flight) as _);
        run()
    }

    /// Makes it the load of a `refresh`.
    pub(crate) fn of_refresh(self, same: SameKeys) -> Self {
        self.flight.set_purpose(Purpose::Refresh(same));
        self
    }

    /// Makes it the load of an entry that has grown old: until that ends by itself, it stores only in its place.
    pub(crate) fn of_reload(self, until: Time) -> Self {
        self.flight.set_purpose(Purpose::Reload(until));
        self
    }

    pub(crate) fn is_of_reload(&self) -> bool {
        matches!(self.flight.purpose(), Some(Purpose::Reload(_)))
    }

    pub(crate) fn is_of_refresh(&self) -> bool {
        matches!(self.flight.purpose(), Some(Purpose::Refresh(_)))
    }

    /// Whether what is stored now has to come in the place of what was there.
    pub(crate) fn only_replaces(&self, now: Time) -> bool {
        matches!(self.flight.purpose(), Some(Purpose::Reload(until)) if now < *until)
    }

    /// For a refresh that has lost its lease: whoever has it now may have read before this one did, so that its value must
    /// not be stored either. Gives the key, for what is stored already to be removed.
    pub(crate) fn revoke_others(&self) -> Option<Own<'_>> {
        let Some(Purpose::Refresh(same)) = self.flight.purpose() else { return None };
        let own = Own { key: self.flight.any_key(), same: *same };
        self.flights.revoke(self.flight.hash, &|key| own.is(key));
        Some(own)
    }

    /// Ends the load: `publish` runs if the lease still holds, and nobody can take it away until it is done.
    /// It must not run user code.
    #[inline]
    pub(crate) fn publish<R>(&mut self, publish: impl FnOnce() -> R) -> Option<R> {
        self.hold().map(|_held| publish())
    }

    /// Ends the load; if the lease still holds, nobody can take it away as long as what is returned lives. No user code may
    /// run meanwhile.
    #[inline]
    pub(crate) fn hold(&mut self) -> Option<Held<'_>> {
        self.flight.set_ended();
        self.flights.end(&self.flight)
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
    pub(crate) fn land(mut self, landing: impl FnOnce() -> Landing) {
        self.leave();
        if self.is_joined() {
            self.flight.land(landing());
        }
    }

    /// Ends the load without publishing. From now on nobody can join it.
    #[inline]
    pub(crate) fn leave(&mut self) {
        if !self.flight.has_ended() {
            drop(self.hold());
        }
    }
}

impl<H> Drop for Lease<H>
where
    H: Deref<Target = Flights>,
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
    use crate::context::{self, Frame};
    use crate::flight::{Draft, Label, matching};
    use crate::flights::Boarding;
    use crate::key::ByKey;

    type Home<'a> = &'a Flights;

    const LABEL: Label<u64> = Label { name: "test", debug: None, tuple: false };

    /// One hash for all keys: they are told apart by comparison alone.
    fn board(flights: Home<'_>, key: u64) -> Boarding {
        flights.board(7, &matching::<u64>(&ByKey(&key)), draft(key))
    }

    fn draft(key: u64) -> Draft {
        Draft::new(7, LABEL.name_key(Some(key)), None)
    }

    fn lead(flights: Home<'_>, key: u64) -> Lease<Home<'_>> {
        match board(flights, key) {
            Boarding::Lead(flight) => Lease::new(flights, flight),
            Boarding::Join(_) => panic!("nobody else was to lead"),
        }
    }

    #[test]
    fn a_load_is_joined_until_it_ends_and_leaves_nothing() {
        let flights = Flights::new(false);
        let (one, two) = (lead(&flights, 1), lead(&flights, 2));
        let Boarding::Join(joined) = board(&flights, 2) else { panic!() };
        assert!(Arc::ptr_eq(&joined, two.flight()) && two.is_joined());
        drop(one);
        two.land(|| Landing::value(20_u64));
        assert_eq!(joined.wait().fresh(), Some(&20_u64));
        assert!(flights.is_empty());
    }

    #[test]
    fn a_lease_that_was_taken_away_publishes_nothing() {
        let flights = Flights::new(false);
        let (mut one, mut two) = (lead(&flights, 1), lead(&flights, 2));
        flights.revoke(7, &matching::<u64>(&ByKey(&1_u64)));
        assert_eq!(one.publish(|| ()), None);
        assert_eq!(two.publish(|| ()), Some(()));
        let mut other = lead(&flights, 3);
        let newer = flights.take_over(7, &matching::<u64>(&ByKey(&3_u64)), draft(3));
        let mut newer = Lease::new(&flights, newer);
        assert_eq!((other.publish(|| ()), newer.publish(|| ())), (None, Some(())));
        let mut last = lead(&flights, 4);
        flights.revoke_all();
        assert_eq!(last.publish(|| ()), None);
        assert!(flights.is_empty());
    }

    #[test]
    fn the_memory_of_a_load_is_the_next_ones_once_nobody_looks_at_it() {
        let flights = Flights::new(false);
        let place = |lease: &Lease<Home<'_>>| Arc::as_ptr(lease.flight());
        let one = lead(&flights, 1);
        let looking = Arc::clone(one.flight());
        drop(one);
        let two = lead(&flights, 2);
        assert_ne!(place(&two), Arc::as_ptr(&looking));
        assert_eq!((looking.key(), two.flight().key()), (&1_u64, &2_u64));
        let of_two = place(&two);
        drop(two);
        let mut three = lead(&flights, 3);
        assert_eq!((place(&three), three.flight().key()), (of_two, &3_u64));
        assert!(!three.flight().has_ended() && !three.is_joined());
        assert_eq!(three.publish(|| ()), Some(()));
        drop(three);
        // What others have been told lies in it: that is not dropped under the lock of the list.
        let four = lead(&flights, 4);
        let Boarding::Join(joined) = board(&flights, 4) else { panic!() };
        let landed = Arc::downgrade(&joined);
        four.land(|| Landing::value(40_u64));
        drop(joined);
        assert!(landed.upgrade().is_none());
        // Nor is a load kept because another was called from it.
        let outer = lead(&flights, 5);
        let entered = context::enter(Arc::clone(outer.flight()) as _);
        drop(lead(&flights, 6));
        drop(entered);
        assert_eq!(Arc::strong_count(outer.flight()), 2, "its own, and the list's");
    }

    /// A load that loses its lease before its leader has said what it is for.
    fn revoked_at_once(flights: Home<'_>, key: u64) -> Lease<Home<'_>> {
        let lease = lead(flights, key);
        flights.revoke(7, &matching::<u64>(&ByKey(&key)));
        lease
    }

    #[test]
    fn what_becomes_of_a_load_that_has_lost_its_lease_is_not_the_next_ones() {
        let flights = Flights::new(false);
        drop(revoked_at_once(&flights, 1).of_reload(Time::MAX));
        let next = lead(&flights, 2);
        assert!(!next.is_of_reload() && !next.only_replaces(0));
        assert!(next.of_refresh(|_, _| false).is_of_refresh());
        // One that others wait for from the start, as they do for a task's.
        let told = revoked_at_once(&flights, 3);
        told.flight().join();
        told.land(|| Landing::value(30_u64));
        let next = lead(&flights, 4);
        let Boarding::Join(joined) = board(&flights, 4) else { panic!() };
        assert!(joined.landing().is_none(), "3 was loaded, not 4");
        next.land(|| Landing::value(40_u64));
        assert_eq!(joined.wait().fresh(), Some(&40_u64));
        drop(joined);
        // One of a batch, whose run keeps the loads alive that it was called from.
        let outer = lead(&flights, 5);
        let seat = revoked_at_once(&flights, 6);
        seat.flight().run_in(Arc::clone(outer.flight()) as _);
        drop(seat);
        assert_eq!(Arc::strong_count(outer.flight()), 2, "its own, and the list's");
        assert!(lead(&flights, 7).flight().runs_in().is_none());
    }

    #[test]
    fn a_lease_that_is_dropped_lets_go_of_those_who_wait() {
        let flights = Flights::new(false);
        let lease = lead(&flights, 1);
        let Boarding::Join(joined) = board(&flights, 1) else { panic!() };
        drop(lease);
        assert!(matches!(joined.wait(), Landing::Nothing));
        drop(lead(&flights, 1));
    }
}
