//! `moka`: concurrent, bounded on demand, by a policy that also counts how often keys are asked for.

use std::time::Duration;

use moka::{future, sync};

use super::{Bound, Peer, grouped};
use crate::body;
use crate::contender::Contender;
use crate::key::{Key, Pair, Text};

const MOKA: &str = "moka";
const UNBOUNDED: &str = "Cache, unbounded";

pub(super) struct Moka;

fn unbounded<K: Key>() -> Contender<K> {
    Contender::value(MOKA, UNBOUNDED, || sync::Cache::<K::Owned, u64>::builder().build(), call)
}

fn call<K: Key>(cache: &sync::Cache<K::Owned, u64>, key: K) -> u64 {
    cache.get_with_by_ref(key.borrowed(), || key.body())
}

impl Peer for Moka {
    fn unbounded(&self, _: usize) -> Vec<Contender<u64>> {
        vec![unbounded()]
    }

    fn bounded(&self, bound: Bound) -> Vec<Contender<u64>> {
        let entries = bound.entries();
        let setup = format!("Cache::new({})", grouped(entries));
        vec![Contender::value(MOKA, setup, move || sync::Cache::new(entries as u64), call)]
    }

    fn ageing(&self) -> Vec<Contender<u64>> {
        let make = || sync::Cache::builder().time_to_live(Duration::from_hours(1)).build();
        vec![Contender::value(MOKA, "Cache, time_to_live 3600 s", make, call)]
    }

    fn texts(&self, _: usize) -> Vec<Contender<Text>> {
        vec![unbounded()]
    }

    fn pairs(&self, _: usize) -> Vec<Contender<Pair>> {
        vec![unbounded()]
    }

    fn tasks(&self, _: usize) -> Vec<Contender<u64>> {
        let make = || future::Cache::builder().build();
        let call = async |cache: &future::Cache<u64, u64>, key| {
            cache.get_with_by_ref(&key, async { body::of(key) }).await
        };
        vec![Contender::task_of_value(MOKA, "future::Cache, unbounded", make, call)]
    }
}
