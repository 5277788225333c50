//! `cachelito`: its attribute. Keys are the arguments as text. Their order is a queue that is searched from its start.

use cachelito::{cache, invalidate_with};

use super::{Bound, Peer};
use crate::body;
use crate::contender::Contender;
use crate::key::{Key as _, Pair, Text};

const CACHELITO: &str = "cachelito";

/// Every insert searches all keys there are, with or without a bound: with more of them, filling it takes hours.
const MOST_KEYS: usize = 10_000;

// Caches are cleared by name, one name for the process.
#[cache(name = "unbounded")]
fn unbounded(key: u64) -> u64 {
    body::of(key)
}

#[cache(name = "lru_1_000", limit = 1_000, policy = "lru")]
fn lru_1_000(key: u64) -> u64 {
    body::of(key)
}

#[cache(name = "lru_2_000", limit = 2_000, policy = "lru")]
fn lru_2_000(key: u64) -> u64 {
    body::of(key)
}

#[cache(name = "lru_10_000", limit = 10_000, policy = "lru")]
fn lru_10_000(key: u64) -> u64 {
    body::of(key)
}

#[cache(name = "ageing", ttl = 3600)]
fn ageing(key: u64) -> u64 {
    body::of(key)
}

#[cache(name = "text")]
fn text(key: &str) -> u64 {
    body::of(key.len() as u64)
}

#[cache(name = "pair")]
fn pair(first: u32, second: u64) -> u64 {
    (first, second).body()
}

#[cache(name = "constant")]
fn constant() -> u64 {
    body::of(0)
}

/// A contender from a function, whose name is that of its cache.
macro_rules! contender {
    ($function:ident, $setup:expr) => {
        contender!($function, $setup, $function)
    };
    ($function:ident, $setup:expr, $call:expr) => {
        Contender::function(CACHELITO, $setup, $call, || {
            invalidate_with(stringify!($function), |_| true);
        })
    };
}

pub(super) struct Cachelito;

impl Peer for Cachelito {
    fn unbounded(&self, keys: usize) -> Vec<Contender<u64>> {
        if keys > MOST_KEYS { Vec::new() } else { vec![contender!(unbounded, "#[cache]")] }
    }

    fn bounded(&self, bound: Bound) -> Vec<Contender<u64>> {
        match bound {
            Bound::Thousand => vec![contender!(lru_1_000, "#[cache(limit = 1_000)]")],
            Bound::TwoThousand => vec![contender!(lru_2_000, "#[cache(limit = 2_000)]")],
            Bound::TenThousand => vec![contender!(lru_10_000, "#[cache(limit = 10_000)]")],
            Bound::Million => Vec::new(),
        }
    }

    fn ageing(&self) -> Vec<Contender<u64>> {
        vec![contender!(ageing, "#[cache(ttl = 3600)]")]
    }

    fn texts(&self, keys: usize) -> Vec<Contender<Text>> {
        if keys > MOST_KEYS { Vec::new() } else { vec![contender!(text, "#[cache]")] }
    }

    fn pairs(&self, keys: usize) -> Vec<Contender<Pair>> {
        if keys > MOST_KEYS {
            return Vec::new();
        }
        vec![contender!(pair, "#[cache]", |(first, second)| pair(first, second))]
    }

    fn constant(&self) -> Vec<Contender<()>> {
        vec![contender!(constant, "#[cache]", |()| constant())]
    }
}
