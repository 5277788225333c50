//! `foyer`: made to have a disk behind it; here its memory alone. Always bounded, by one of several policies.
//!
//! Its look-up that loads what is missing is asynchronous; a synchronous caller asks, and inserts what is not there.

use std::convert::Infallible;

use foyer::{Cache, CacheBuilder, EvictionConfig, LfuConfig, LruConfig, S3FifoConfig, SieveConfig};

use super::{Bound, Peer, grouped, room};
use crate::body;
use crate::contender::Contender;
use crate::key::{Key, Pair, Text};

const FOYER: &str = "foyer";

pub(super) struct Foyer;

fn of<K: Key>(entries: usize, name: &str, policy: impl Into<EvictionConfig>) -> Contender<K> {
    let policy = policy.into();
    let setup = format!("Cache, {} entries, {name}", grouped(entries));
    let make = move || -> Cache<K::Owned, u64> {
        CacheBuilder::new(entries).with_eviction_config(policy.clone()).build()
    };
    Contender::value(FOYER, setup, make, call)
}

fn call<K: Key>(cache: &Cache<K::Owned, u64>, key: K) -> u64 {
    if let Some(entry) = cache.get(key.borrowed()) {
        return *entry.value();
    }
    let value = key.body();
    cache.insert(key.owned(), value);
    value
}

fn by_policy<K: Key>(entries: usize) -> Vec<Contender<K>> {
    vec![
        of(entries, "lru", LruConfig::default()),
        of(entries, "lfu", LfuConfig::default()),
        of(entries, "s3fifo", S3FifoConfig::default()),
        of(entries, "sieve", SieveConfig),
    ]
}

impl Peer for Foyer {
    fn unbounded(&self, keys: usize) -> Vec<Contender<u64>> {
        vec![of(room(keys), "sieve", SieveConfig)]
    }

    fn bounded(&self, bound: Bound) -> Vec<Contender<u64>> {
        by_policy(bound.entries())
    }

    fn texts(&self, keys: usize) -> Vec<Contender<Text>> {
        vec![of(room(keys), "sieve", SieveConfig)]
    }

    fn pairs(&self, keys: usize) -> Vec<Contender<Pair>> {
        vec![of(room(keys), "sieve", SieveConfig)]
    }

    fn tasks(&self, keys: usize) -> Vec<Contender<u64>> {
        let entries = room(keys);
        let setup = format!("Cache, {} entries, sieve", grouped(entries));
        let make = move || -> Cache<u64, u64> {
            CacheBuilder::new(entries).with_eviction_config(SieveConfig).build()
        };
        let call = async |cache: &Cache<u64, u64>, key: u64| {
            let fetched =
                cache.get_or_fetch(&key, || async move { Ok::<_, Infallible>(body::of(key)) }).await;
            *fetched.expect("the body does not fail").value()
        };
        vec![Contender::task_of_value(FOYER, setup, make, call)]
    }
}
