//! A load ahead of any call: as a call's, but neither the look-up nor what it finds is counted.

use std::future::Future;
use std::sync::Arc;

use crate::flight::Landing;
use crate::key::{Args, Made};
use crate::memo::StoreRef;
use crate::outcome::Outcome;
use crate::ride::{Arrival, Rider};
use crate::store::{Begin, Store};
use crate::store_async::Here;
use crate::warm::WarmedKey;

fn ended<R: Outcome<MODE>, const MODE: u8>(result: R) -> WarmedKey {
    if result.split().is_ok() { WarmedKey::Loaded } else { WarmedKey::Failed }
}

/// What a load of another's has come to; `None` where it has to be tried again.
pub(crate) fn joined(landing: &Landing) -> Option<WarmedKey> {
    match landing {
        Landing::Value(_) => Some(WarmedKey::Present),
        Landing::Nothing => None,
        _ => Some(WarmedKey::Failed),
    }
}

impl<K, V> Store<K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Loads a key that has no fresh value.
    pub(crate) fn warm<A, R, const MODE: u8>(&self, args: A, body: impl FnOnce(A) -> R) -> WarmedKey
    where
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
    {
        let hash = self.hash(&args);
        loop {
            if self.contains(&args) {
                return WarmedKey::Present;
            }
            match self.begin(&**self.flights(), hash, &args) {
                Begin::Hit(_) => return WarmedKey::Present,
                Begin::Join(flight) => {
                    if let Some(key) = joined(flight.wait()) {
                        return key;
                    }
                }
                Begin::Lead(lease, replaced) => return ended(self.lead(lease, replaced, || body(args))),
            }
        }
    }
}

impl<K, V> StoreRef<'_, K, V>
where
    K: Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// The same for an asynchronous function, whose body is made already.
    pub(crate) async fn warm_async<A, R, F, const MODE: u8>(
        self,
        hash: u64,
        key: Made<A, K>,
        body: Here<F>,
    ) -> WarmedKey
    where
        A: Args<Key = K>,
        R: Outcome<MODE, Kept = V>,
        F: Future<Output = R>,
    {
        loop {
            let (lease, replaced) = match self.begin(Arc::clone(self.flights()), hash, &key) {
                Begin::Hit(_) => return WarmedKey::Present,
                Begin::Lead(lease, replaced) => (lease, replaced),
                Begin::Join(flight) => {
                    let mut rider = Rider::new(flight, false);
                    if (&mut rider).await == Arrival::Neglected {
                        match self.begin_instead(Arc::clone(self.flights()), rider.flight(), &key) {
                            Some(begun) => begun,
                            None => continue,
                        }
                    } else if let Some(key) = rider.flight().landing().and_then(joined) {
                        return key;
                    } else {
                        continue;
                    }
                }
            };
            return ended(body.lead(self, lease, replaced).await);
        }
    }
}
