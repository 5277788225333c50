//! Loads on their leader's thread that begin as next to nothing.

use std::sync::Arc;

use super::{Flights, Held, List, MOST};
use crate::context::Frame;
use crate::flight::process;
use crate::lease::Lease;
use crate::level::Level;
use crate::sync::Mutex;

/// The [lease](Lease) of a load that is no flight as long as nobody asks for it. It ends on the thread it began on.
pub(crate) struct BareLease<'a, K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    flights: &'a Flights<K, V>,
    /// The number in the list, and that of the list: two words in all, which are handed on in registers.
    number: u64,
}

/// The list, held, and the key of a load that has left it. In the order in which they are to be dropped.
type Ended<'a, K, V> = (Held<'a, K, V>, K);
/// The lease of one that somebody has asked for.
type Raised<'a, K, V> = Lease<K, V, &'a Flights<K, V>>;

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Flights<K, V> {
    /// Enters a load by this thread, where that is simple: no other has to be looked at.
    #[inline]
    pub(crate) fn board_bare(&self, hash: u64, own: impl FnOnce() -> K) -> Option<BareLease<'_, K, V>> {
        let (key, process) = (own(), process::known());
        let at = self.list_of(hash);
        let mut list = self.lists[at].lock();
        if !list.is_empty() {
            // The key's drop is user code.
            drop(list);
            return None;
        }
        let number = list.enter_bare(hash, key, process) * MOST as u64 + at as u64;
        Some(BareLease { flights: self, number })
    }
}

impl<'a, K: Send + Sync + 'static, V: Send + Sync + 'static> BareLease<'a, K, V> {
    /// The list, and the number in it.
    #[inline]
    fn place(&self) -> (&'a Mutex<List<K, V>>, u64) {
        #[expect(clippy::cast_possible_truncation, reason = "the remainder is small")]
        let at = (self.number % MOST as u64) as usize;
        (&self.flights.lists[at], self.number / MOST as u64)
    }

    /// Ends the load, if it is still bare: its key, and nobody can begin or revoke one of it as long as what comes with it lives;
    /// no user code may run meanwhile.
    ///
    /// # Errors
    /// If somebody has asked for it: its lease, which may be lost by now.
    #[inline]
    pub(crate) fn end(self) -> Result<Ended<'a, K, V>, Raised<'a, K, V>> {
        let (flights, (list, number)) = (self.flights, self.place());
        std::mem::forget(self);
        let mut list = list.lock();
        match list.take_bare(number) {
            Some(key) => Ok((Held(list), key)),
            None => Err(Lease::new(flights, list.fetch(number))),
        }
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Level for BareLease<'_, K, V> {
    fn frame(&self) -> Option<Arc<dyn Frame>> {
        let (list, number) = self.place();
        list.lock().flight_of(number, self.flights.origin()).map(|flight| flight as _)
    }
}

impl<K, V> Drop for BareLease<'_, K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// As the drop of a [`Lease`].
    #[cold]
    fn drop(&mut self) {
        let Self { flights, number } = *self;
        // The list is unlocked before the key is dropped, which is user code.
        drop(Self { flights, number }.end());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context;
    use crate::flight::{Label, Landing};
    use crate::flights::Boarding;
    use crate::key::ByKey;
    use crate::level;

    const LABEL: Label<u64> = Label { name: "test", debug: None, tuple: false };

    fn flights() -> Flights<u64, u64> {
        Flights::new(None, LABEL, false)
    }

    /// One hash for all keys.
    fn lead(flights: &Flights<u64, u64>, key: u64) -> BareLease<'_, u64, u64> {
        flights.board_bare(7, || key).expect("no other load runs")
    }

    #[test]
    fn one_that_nobody_asks_for_ends_with_its_key() {
        let flights = flights();
        let one = lead(&flights, 1);
        assert!(flights.board_bare(7, || 2).is_none(), "another would have to be looked at");
        let Ok((held, key)) = one.end() else { panic!("nobody asked for it") };
        drop(held);
        assert_eq!(key, 1);
        drop(lead(&flights, 2));
        assert!(flights.is_empty());
    }

    #[test]
    fn one_that_is_joined_is_a_flight() {
        let flights = flights();
        let one = lead(&flights, 1);
        let Boarding::Join(joined) = Flights::board(&flights, 7, &ByKey(&1), || 1) else { panic!() };
        // Of another key with the same hash, and beside it.
        let Boarding::Lead(two) = Flights::board(&flights, 7, &ByKey(&2), || 2) else { panic!() };
        let Err(mut one) = one.end() else { panic!("somebody waits") };
        assert!(one.is_joined() && Arc::ptr_eq(one.flight(), &joined));
        assert_eq!(one.publish(|| ()), Some(()));
        one.land(|| Landing::Value(10));
        assert!(matches!(joined.wait(), Landing::Value(10)));
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
            let Err(mut lease) = one.end() else { panic!("it is no longer there") };
            assert!(lease.flight().is_revoked());
            assert_eq!(lease.publish(|| ()), None);
        };
        lost(&|| flights.revoke(7, &ByKey(&1)));
        lost(&|| flights.revoke_all());
        // One of another key keeps it.
        let one = lead(&flights, 1);
        flights.revoke(7, &ByKey(&2));
        let Err(mut lease) = one.end() else { panic!("it was looked at") };
        assert_eq!(lease.publish(|| ()), Some(()));
    }

    #[test]
    fn one_that_is_dropped_lets_go_of_those_who_wait() {
        let flights = flights();
        let one = lead(&flights, 1);
        let Boarding::Join(joined) = Flights::board(&flights, 7, &ByKey(&1), || 1) else { panic!() };
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
        let Err(lease) = one.end() else { panic!("somebody asked for it") };
        let own: Arc<dyn Frame> = Arc::clone(lease.flight()) as _;
        assert!(frames.iter().all(|frame| Arc::ptr_eq(frame, &own)));
    }

    fn lead_beside(flights: &Flights<u64, u64>, key: u64) -> Raised<'_, u64, u64> {
        match Flights::board(flights, 9, &ByKey(&key), || key) {
            Boarding::Lead(lease) => lease,
            Boarding::Join(_) => panic!("nobody else was to lead"),
        }
    }
}
