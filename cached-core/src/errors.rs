//! Where errors are kept that are to be told for a while.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{self, Time};
use crate::engine::age::{Ages, Times};
use crate::engine::entry::Entry;
use crate::engine::order::Ticket;
use crate::engine::table::{Inserted, Removed, Table};
use crate::flights::IsKey;
use crate::key::Lookup;
use crate::options::{Bound, Options};
use crate::outcome::SharedFailure;
use crate::policy::PolicyKind;
use crate::removal::RemovalCause;
use crate::tags::Held;

/// What a store asks of the errors it keeps. Behind a pointer, so that only functions with the option compile what is behind it.
pub(crate) trait Errors: Send + Sync {
    fn get(&self, hash: u64, is_key: IsKey<'_>, now: Time) -> Option<SharedFailure>;
    /// Stores the error of a key that has none.
    fn put(
        &self,
        hash: u64,
        key: Box<dyn Any>,
        failure: SharedFailure,
        tags: Option<Box<Held>>,
        now: Time,
    ) -> Inserted;
    fn forget(&self, hash: u64, is_key: IsKey<'_>, now: Time) -> Removed;
    fn take(&self, hash: u64, ticket: Ticket, now: Time) -> Removed;
    fn clear(&self, now: Time) -> Removed;
    /// Takes the next one to leave out.
    fn evict(&self) -> Removed;
    /// Takes some out that have ended.
    fn sweep(&self, now: Time) -> Removed;
    fn len(&self) -> usize;
}

/// Makes them for a cache with such bounds, whose entries may have tags.
pub(crate) type MakeErrors = fn(&Bound, Duration, bool) -> Option<Box<dyn Errors>>;

pub(crate) fn make<K>(bound: &Bound, life: Duration, tagged: bool) -> Option<Box<dyn Errors>>
where
    K: Send + Sync + 'static,
{
    if life.is_zero() || bound.max == Some(0) || bound.max_weight == Some(0) {
        return None;
    }
    let quarter = |most: u64| usize::try_from(most / 4).unwrap_or(usize::MAX).max(1);
    let most = match (bound.max, bound.max_weight) {
        (None, None) => None,
        (max, weight) => {
            Some(quarter(max.map_or(u64::MAX, |max| max as u64)).min(quarter(weight.unwrap_or(u64::MAX))))
        }
    };
    let bound =
        most.map_or_else(Bound::default, |most| Options::new().max(most).policy(PolicyKind::Fifo).bound);
    Some(Box::new(Kept::<K> {
        table: Table::new(bound, Ages { any: true, tagged, ..Ages::default() }),
        life,
    }))
}

struct Kept<K> {
    table: Table<K, SharedFailure>,
    life: Duration,
}

/// A key that is known by a comparison.
struct Like<'a>(IsKey<'a>);

impl<K: 'static> Lookup<K> for Like<'_> {
    fn hash_into<H: std::hash::Hasher>(&self, _: &mut H) {
        unreachable!("the store knows the hash")
    }

    fn matches(&self, key: &K) -> bool {
        (self.0)(key)
    }
}

impl<K: Send + Sync + 'static> Errors for Kept<K> {
    fn get(&self, hash: u64, is_key: IsKey<'_>, now: Time) -> Option<SharedFailure> {
        self.table.get(hash, &Like(is_key), now, true, |_, failure| Arc::clone(failure))
    }

    fn put(
        &self,
        hash: u64,
        key: Box<dyn Any>,
        failure: SharedFailure,
        tags: Option<Box<Held>>,
        now: Time,
    ) -> Inserted {
        let key = *key.downcast().expect("a cache has keys of one type");
        let times = Times::until(clock::deadline(now, self.life));
        self.table.insert(Entry { hash, key, value: failure, times, weight: 1, tags }, None, now)
    }

    fn forget(&self, hash: u64, is_key: IsKey<'_>, now: Time) -> Removed {
        match self.table.find(hash, &Like(is_key), |_, _| ()) {
            Some((ticket, ())) => self.table.remove(hash, ticket, now, RemovalCause::Explicit),
            None => Removed::default(),
        }
    }

    fn take(&self, hash: u64, ticket: Ticket, now: Time) -> Removed {
        self.table.remove(hash, ticket, now, RemovalCause::Explicit)
    }

    fn clear(&self, now: Time) -> Removed {
        self.table.drain(now)
    }

    fn evict(&self) -> Removed {
        self.table.evict()
    }

    fn sweep(&self, now: Time) -> Removed {
        if self.table.is_due(now) { self.table.sweep(now) } else { Removed::default() }
    }

    fn len(&self) -> usize {
        self.table.len()
    }
}
