//! A bare `hashbrown` map on one thread, and a bare cell: no lock, no bound, no order, no counters.

use std::cell::OnceCell;

use hashbrown::HashMap;

use super::Peer;
use crate::body;
use crate::contender::Contender;

const RAW: &str = "raw";
const SETUP: &str = "hashbrown::HashMap, no lock";

pub(super) struct Raw;

impl Peer for Raw {
    fn unbounded(&self) -> Vec<Contender<u64>> {
        let call = |map: &mut HashMap<u64, u64>, key| {
            if let Some(value) = map.get(&key) {
                return *value;
            }
            let value = body::of(key);
            map.insert(key, value);
            value
        };
        vec![Contender::bare(RAW, SETUP, HashMap::new, call)]
    }

    fn text(&self) -> Vec<Contender<&'static str>> {
        let call = |map: &mut HashMap<String, u64>, key: &'static str| {
            if let Some(value) = map.get(key) {
                return *value;
            }
            let value = body::of_text(key);
            map.insert(key.to_owned(), value);
            value
        };
        vec![Contender::bare(RAW, SETUP, HashMap::new, call)]
    }

    fn constant(&self) -> Vec<Contender<()>> {
        let call = |cell: &mut OnceCell<u64>, ()| *cell.get_or_init(|| body::of(0));
        vec![Contender::bare(RAW, "std::cell::OnceCell, no lock", OnceCell::new, call)]
    }
}
