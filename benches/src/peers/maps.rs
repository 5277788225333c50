//! `papaya` and `dashmap`: concurrent maps, not caches. They bound nothing and load nothing; callers of a key that is
//! not there each run the body.
//!
//! Their own hasher is slow beside those of most caches here, so each map is shown with a faster one too. A map of
//! `papaya` that has grown by itself may be so full that look-ups have far to go: with the faster hasher it is also
//! given room.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

// Which is foldhash.
use hashbrown::DefaultHashBuilder;

use super::{Peer, grouped, room};
use crate::contender::Contender;
use crate::key::{Key, Pair, Text};

pub(super) struct Papaya;

fn papaya<K: Key, S: BuildHasher + Default + Send + Sync + 'static>(
    setup: impl Into<Cow<'static, str>>,
    capacity: usize,
) -> Contender<K> {
    let call = |map: &papaya::HashMap<K::Owned, u64, S>, key: K| {
        let map = map.pin();
        match map.get(key.borrowed()) {
            Some(value) => *value,
            None => *map.get_or_insert_with(key.owned(), || key.body()),
        }
    };
    let make = move || papaya::HashMap::builder().capacity(capacity).hasher(S::default()).build();
    Contender::value("papaya", setup, make, call)
}

fn grown<K: Key>() -> Contender<K> {
    papaya::<K, RandomState>("HashMap", 0)
}

fn grown_faster<K: Key>() -> Contender<K> {
    papaya::<K, DefaultHashBuilder>("HashMap, foldhash", 0)
}

fn roomy<K: Key>(keys: usize) -> Contender<K> {
    papaya::<K, DefaultHashBuilder>(format!("capacity {}, foldhash", grouped(room(keys))), room(keys))
}

pub(super) struct DashMap;

fn dashmap<K: Key, S: BuildHasher + Clone + Default + Send + Sync + 'static>(
    setup: &'static str,
) -> Contender<K> {
    let call = |map: &dashmap::DashMap<K::Owned, u64, S>, key: K| {
        if let Some(value) = map.get(key.borrowed()) {
            return *value;
        }
        *map.entry(key.owned()).or_insert_with(|| key.body())
    };
    Contender::value("dashmap", setup, || dashmap::DashMap::with_hasher(S::default()), call)
}

fn dashmaps<K: Key>() -> Vec<Contender<K>> {
    vec![dashmap::<K, RandomState>("DashMap"), dashmap::<K, DefaultHashBuilder>("DashMap, foldhash")]
}

impl Peer for Papaya {
    fn unbounded(&self, keys: usize) -> Vec<Contender<u64>> {
        vec![grown(), roomy(keys)]
    }

    fn growing(&self, _: usize) -> Vec<Contender<u64>> {
        vec![grown(), grown_faster()]
    }

    fn texts(&self, keys: usize) -> Vec<Contender<Text>> {
        vec![grown(), roomy(keys)]
    }

    fn pairs(&self, keys: usize) -> Vec<Contender<Pair>> {
        vec![grown(), roomy(keys)]
    }
}

impl Peer for DashMap {
    fn unbounded(&self, _: usize) -> Vec<Contender<u64>> {
        dashmaps()
    }

    fn texts(&self, _: usize) -> Vec<Contender<Text>> {
        dashmaps()
    }

    fn pairs(&self, _: usize) -> Vec<Contender<Pair>> {
        dashmaps()
    }
}
