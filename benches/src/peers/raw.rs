//! A bare `hashbrown` map on one thread, and a bare cell: no lock, no bound, no order, no counters.

use std::cell::OnceCell;

use hashbrown::HashMap;

use super::Peer;
use crate::body;
use crate::contender::Contender;
use crate::key::{Key, Pair, Text};

pub(crate) const RAW: &str = "raw";

pub(super) struct Raw;

fn map<K: Key>() -> Contender<K> {
    let call = |map: &mut HashMap<K::Owned, u64>, key: K| {
        if let Some(value) = map.get(key.borrowed()) {
            return *value;
        }
        let value = key.body();
        map.insert(key.owned(), value);
        value
    };
    Contender::bare(RAW, "hashbrown::HashMap, no lock", HashMap::new, call)
}

impl Peer for Raw {
    fn unbounded(&self, _: usize) -> Vec<Contender<u64>> {
        vec![map()]
    }

    fn ageing(&self) -> Vec<Contender<u64>> {
        vec![map()]
    }

    fn texts(&self, _: usize) -> Vec<Contender<Text>> {
        vec![map()]
    }

    fn pairs(&self, _: usize) -> Vec<Contender<Pair>> {
        vec![map()]
    }

    fn tasks(&self, _: usize) -> Vec<Contender<u64>> {
        vec![map()]
    }

    fn generic(&self) -> Vec<Contender<u64>> {
        vec![map()]
    }

    fn constant(&self) -> Vec<Contender<()>> {
        let call = |cell: &mut OnceCell<u64>, ()| *cell.get_or_init(|| body::of(0));
        vec![Contender::bare(RAW, "std::cell::OnceCell, no lock", OnceCell::new, call)]
    }
}
