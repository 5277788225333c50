//! `quick_cache`: concurrent, always bounded, by a policy of its own kind. It makes room for its bound at the start.

use std::convert::Infallible;

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, UnitWeighter};

use super::{Bound, Peer, grouped, room};
use crate::body;
use crate::contender::Contender;
use crate::key::{Key, Pair, Text};

const QUICK_CACHE: &str = "quick_cache";

pub(super) struct QuickCache;

fn of<K: Key>(entries: usize) -> Contender<K> {
    let setup = format!("Cache::new({})", grouped(entries));
    Contender::value(QUICK_CACHE, setup, move || Cache::new(entries), call)
}

fn call<K: Key>(cache: &Cache<K::Owned, u64>, key: K) -> u64 {
    let value: Result<_, Infallible> = cache.get_or_insert_with(key.borrowed(), || Ok(key.body()));
    value.unwrap_or_else(|never| match never {})
}

impl Peer for QuickCache {
    fn unbounded(&self, keys: usize) -> Vec<Contender<u64>> {
        vec![of(room(keys))]
    }

    fn growing(&self, keys: usize) -> Vec<Contender<u64>> {
        let entries = room(keys);
        let make = move || {
            let (hasher, lifecycle) = (DefaultHashBuilder::default(), DefaultLifecycle::default());
            Cache::with(1, entries as u64, UnitWeighter, hasher, lifecycle)
        };
        let setup = format!("Cache::with(1, {}, ..)", grouped(entries));
        vec![Contender::value(QUICK_CACHE, setup, make, call)]
    }

    fn bounded(&self, bound: Bound) -> Vec<Contender<u64>> {
        vec![of(bound.entries())]
    }

    fn texts(&self, keys: usize) -> Vec<Contender<Text>> {
        vec![of(room(keys))]
    }

    fn pairs(&self, keys: usize) -> Vec<Contender<Pair>> {
        vec![of(room(keys))]
    }

    fn tasks(&self, keys: usize) -> Vec<Contender<u64>> {
        let entries = room(keys);
        let setup = format!("Cache::new({})", grouped(entries));
        let call = async |cache: &Cache<u64, u64>, key| {
            let value: Result<_, Infallible> =
                cache.get_or_insert_async(&key, async { Ok(body::of(key)) }).await;
            value.unwrap_or_else(|never| match never {})
        };
        vec![Contender::task_of_value(QUICK_CACHE, setup, move || Cache::new(entries), call)]
    }
}
