//! Loads on their leader's thread that begin as next to nothing.

use std::sync::Arc;

use super::{Flights, Held, List, MOST};
use crate::context::Frame;
use crate::flight::{AnyKey, Room, process};
use crate::lease::Lease;
use crate::level::Level;
use crate::sync::Mutex;

/// The [lease](Lease) of a load that is no flight as long as nobody asks for it. It ends on the thread it began on.
pub(crate) struct BareLease<'a> {
    flights: &'a Flights,
    /// The number in the list, and that of the list: two words in all, which are handed on in registers.
    number: u64,
}

/// The lease of one that somebody has asked for.
type Raised<'a> = Lease<&'a Flights>;

impl Flights {
    /// Enters a load by this thread, where that is simple: no other has to be looked at. Only then `put` is told where its key goes; it
    /// may run no user code.
    pub(crate) fn board_bare(&self, hash: u64, put: &mut dyn FnMut(&mut Room)) -> Option<BareLease<'_>> {
        let process = process::known();
        let at = self.list_of(hash);
        let mut list = self.lists[at].lock();
        if !list.is_empty() {
            return None;
        }
        let number = list.enter_bare(hash, put, process) * MOST as u64 + at as u64;
        Some(BareLease { flights: self, number })
    }
}

impl<'a> BareLease<'a> {
    /// The list, and the number in it.
    #[inline]
    fn place(&self) -> (&'a Mutex<List>, u64) {
        #[expect(clippy::cast_possible_truncation, reason = "the remainder is small")]
        let at = (self.number % MOST as u64) as usize;
        (&self.flights.lists[at], self.number / MOST as u64)
    }

    /// Ends the load, if it is still bare: `take` is told where its key is, and nobody can begin or revoke one of it as long as what is
    /// returned lives; no user code may run meanwhile.
    ///
    /// # Errors
    /// If somebody has asked for it: its lease, which may be lost by now.
    pub(crate) fn end(self, take: &mut dyn FnMut(&mut dyn AnyKey)) -> Result<Held<'a>, Raised<'a>> {
        let (flights, (list, number)) = (self.flights, self.place());
        std::mem::forget(self);
        let mut list = list.lock();
        if list.take_bare(number, take) {
            Ok(Held(list))
        } else {
            Err(Lease::new(flights, list.fetch(number)))
        }
    }
}

impl Level for BareLease<'_> {
    fn frame(&self) -> Option<Arc<dyn Frame>> {
        let (list, number) = self.place();
        list.lock().flight_of(number, self.flights.address()).map(|flight| flight as _)
    }
}

impl Drop for BareLease<'_> {
    /// As the drop of a [`Lease`].
    #[cold]
    fn drop(&mut self) {
        let (list, number) = self.place();
        let mut list = list.lock();
        if let Some(key) = list.drop_bare(number) {
            // The list is unlocked before the key is dropped, which is user code.
            drop(list);
            drop(key);
        } else {
            let flight = list.fetch(number);
            drop(list);
            drop(Lease::new(self.flights, flight));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context;
    use crate::flight::{Draft, Label, Landing, matching, take_key};
    use crate::flights::Boarding;
    use crate::key::ByKey;
    use crate::level;

    const LABEL: Label<u64> = Label { name: "test", debug: None, tuple: false };

    fn flights() -> Flights {
        Flights::new(false)
    }

    /// One hash for all keys.
    fn try_lead(flights: &Flights, key: u64) -> Option<BareLease<'_>> {
        let mut key = Some(key);
        flights.board_bare(7, &mut |room| LABEL.put(&mut key, room))
    }

    fn lead(flights: &Flights, key: u64) -> BareLease<'_> {
        try_lead(flights, key).expect("no other load runs")
    }

    /// Its key, if nobody has asked for it.
    fn end(lease: BareLease<'_>) -> Result<u64, Raised<'_>> {
        let mut key = None;
        drop(lease.end(&mut |room| key = take_key(room))?);
        Ok(key.expect("it was put there"))
    }

    fn board(flights: &Flights, hash: u64, key: u64) -> Boarding {
        flights.board(hash, &matching::<u64>(&ByKey(&key)), Draft::new(hash, LABEL.name_key(Some(key)), None))
    }

    #[test]
    fn one_that_nobody_asks_for_ends_with_its_key() {
        let flights = flights();
        let one = lead(&flights, 1);
        assert!(try_lead(&flights, 2).is_none(), "another would have to be looked at");
        assert_eq!(end(one).ok(), Some(1));
        drop(lead(&flights, 2));
        assert!(flights.is_empty());
    }

    #[test]
    fn one_that_is_joined_is_a_flight() {
        let flights = flights();
        let one = lead(&flights, 1);
        let Boarding::Join(joined) = board(&flights, 7, 1) else { panic!() };
        // Of another key with the same hash, and beside it.
        let Boarding::Lead(two) = board(&flights, 7, 2) else { panic!() };
        let two = Lease::new(&flights, two);
        let Err(mut one) = end(one) else { panic!("somebody waits") };
        assert!(one.is_joined() && Arc::ptr_eq(one.flight(), &joined));
        assert_eq!(one.publish(|| ()), Some(()));
        one.land(|| Landing::value(10_u64));
        assert_eq!(joined.wait().fresh(), Some(&10_u64));
        drop(two);
        assert!(flights.is_empty());
    }

    #[test]
    fn one_that_loses_its_lease_publishes_nothing() {
        let flights = flights();
        let lost = |revoke: &dyn Fn()| {
            let one = lead(&flights, 1);
            revoke();
            assert!(flights.is_empty());
            let Err(mut lease) = end(one) else { panic!("it is no longer there") };
            assert!(lease.flight().is_revoked());
            assert_eq!(lease.publish(|| ()), None);
        };
        lost(&|| flights.revoke(7, &matching::<u64>(&ByKey(&1_u64))));
        lost(&|| flights.revoke_all());
        // One of another key keeps it.
        let one = lead(&flights, 1);
        flights.revoke(7, &matching::<u64>(&ByKey(&2_u64)));
        let Err(mut lease) = end(one) else { panic!("it was looked at") };
        assert_eq!(lease.publish(|| ()), Some(()));
    }

    #[test]
    fn one_that_is_dropped_lets_go_of_those_who_wait() {
        let flights = flights();
        let one = lead(&flights, 1);
        let Boarding::Join(joined) = board(&flights, 7, 1) else { panic!() };
        drop(one);
        assert!(matches!(joined.wait(), Landing::Nothing));
        assert!(flights.is_empty());
    }

    #[test]
    fn calls_from_its_body_find_it() {
        let flights = flights();
        assert!(context::is_outside());
        let one = lead(&flights, 1);
        let frames = level::inside(&one, || {
            assert!(!context::is_outside());
            // From within one that is called from it, and after that.
            let (outer, inner) = (context::current().unwrap(), lead_beside(&flights, 2));
            let entered = context::enter(Arc::clone(inner.flight()) as _);
            assert!(Arc::ptr_eq(&context::current().unwrap().parent().unwrap(), &outer));
            drop(entered);
            [outer, context::current().unwrap()]
        });
        assert!(context::is_outside() && context::current().is_none());
        let Err(lease) = end(one) else { panic!("somebody asked for it") };
        let own: Arc<dyn Frame> = Arc::clone(lease.flight()) as _;
        assert!(frames.iter().all(|frame| Arc::ptr_eq(frame, &own)));
    }

    fn lead_beside(flights: &Flights, key: u64) -> Raised<'_> {
        match board(flights, 9, key) {
            Boarding::Lead(flight) => Lease::new(flights, flight),
            Boarding::Join(_) => panic!("nobody else was to lead"),
        }
    }
}
