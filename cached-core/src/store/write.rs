//! Changing what is there on request.

use super::Store;
use crate::flight::matching;
use crate::key::{Args, Lookup};
use crate::lease::Lease;
use crate::removal::RemovalCause;
use crate::sync::assert_unguarded;

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    pub(crate) fn insert<A: Args<Key = K>>(&self, args: &A, value: V)
    where
        K: Clone,
    {
        self.insert_at(self.hash(args), args, &|| args.to_key(), value);
    }

    /// The same for a key whose hash is known.
    pub(crate) fn insert_at(&self, hash: u64, key: &impl Lookup<K>, own: &dyn Fn() -> K, mut value: V)
    where
        K: Clone,
    {
        self.swept();
        // Again, where another writer came in between: a value that was given must not be lost to one that is still being
        // worked out, and must be there when this returns. An invalidation in between comes after it; but it may not be
        // through yet, and what it is about to remove must be gone when this returns.
        loop {
            let flight = self.flights.take_over(hash, &matching(key), self.draft(hash, own()));
            let mut lease = Lease::new(&*self.flights, flight);
            self.forget_error(hash, key);
            let replaced = self.find(hash, key);
            let mut removed = self.publish(&mut lease, value, replaced);
            let superseded = lease.is_superseded();
            drop(lease);
            assert_unguarded();
            match removed.lost.take() {
                Some(entry) if superseded => value = entry.value,
                Some(_) => {
                    let cause = RemovalCause::Explicit;
                    drop(replaced.map(|ticket| self.table.remove(hash, ticket, self.now(), cause)));
                    return self.tell();
                }
                None => {
                    drop(removed);
                    return self.tell();
                }
            }
        }
    }

    /// Stores what `value` gives, unless something is there, as long as nobody invalidates it meanwhile.
    pub(crate) fn adopt<A: Args<Key = K>>(&self, args: &A, value: impl FnOnce() -> Option<V>)
    where
        K: Clone,
    {
        let (mut lease, there) = self.begin_over(&*self.flights, self.hash(args), args);
        if there.is_none() {
            drop(value().map(|value| self.publish(&mut lease, value, None)));
        }
    }

    pub(crate) fn invalidate(&self, key: &impl Lookup<K>) -> bool {
        self.invalidate_at(self.hash(key), key)
    }

    /// The same for a key whose hash is known.
    pub(crate) fn invalidate_at(&self, hash: u64, key: &impl Lookup<K>) -> bool {
        self.flights.revoke(hash, &matching(key));
        let forgot_error = self.forget_error(hash, key);
        let Some(ticket) = self.find(hash, key) else {
            // What was there once may have waited for a reader: who invalidates again sees it go.
            drop(self.table.collect_at(hash));
            return forgot_error;
        };
        let removed = self.table.remove(hash, ticket, self.now(), RemovalCause::Explicit);
        let fresh = self.count_removed(removed);
        self.tell();
        fresh == 1 || forgot_error
    }

    pub(crate) fn invalidate_if(&self, matches: impl FnMut(&K, &V) -> bool) -> usize {
        // A value on its way cannot be shown to the predicate: it is not stored, whatever it will be.
        self.flights.revoke_all();
        // Nor can an error be shown to it: it goes, and is not one of those that matched.
        self.clear_errors();
        let matched = self.count_removed(self.table.remove_if(self.now(), matches));
        self.tell();
        matched
    }

    pub(crate) fn clear(&self) -> usize {
        self.any().clear()
    }

    /// Tells who listens what has been removed. User code, which may wait for anything: to be called when nobody waits for
    /// this caller.
    #[inline]
    pub(crate) fn tell(&self) {
        self.core.hooks.tell(&self.table);
    }
}
