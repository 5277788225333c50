//! `cached`: its attribute with a lock around each cache, and its sharded one.
//!
//! Unless told otherwise, concurrent callers of a key that is not there each run the body; those of the other
//! libraries here wait for one of them. Misses therefore do less, which is to be remembered where they are compared.

use cached::macros::{cached, concurrent_cached, once};
use cached::{Cached as _, ConcurrentCached as _};

use super::{Bound, Peer};
use crate::body;
use crate::contender::Contender;

const CACHED: &str = "cached";

#[cached]
fn unbounded(key: u64) -> u64 {
    body::of(key)
}

#[concurrent_cached]
fn sharded(key: u64) -> u64 {
    body::of(key)
}

#[cached(max_size = 1_000)]
fn lru_1_000(key: u64) -> u64 {
    body::of(key)
}

#[cached(max_size = 2_000)]
fn lru_2_000(key: u64) -> u64 {
    body::of(key)
}

#[cached(max_size = 10_000)]
fn lru_10_000(key: u64) -> u64 {
    body::of(key)
}

/// What the others do unasked: callers of a key that is being computed wait for it.
#[cached(max_size = 1_000, sync_writes = "by_key")]
fn by_key_1_000(key: u64) -> u64 {
    body::of(key)
}

#[concurrent_cached(max_size = 1_000)]
fn sharded_1_000(key: u64) -> u64 {
    body::of(key)
}

#[concurrent_cached(max_size = 2_000)]
fn sharded_2_000(key: u64) -> u64 {
    body::of(key)
}

#[concurrent_cached(max_size = 10_000)]
fn sharded_10_000(key: u64) -> u64 {
    body::of(key)
}

#[cached(ttl_secs = 3600)]
fn ageing(key: u64) -> u64 {
    body::of(key)
}

#[concurrent_cached(ttl_secs = 3600)]
fn sharded_ageing(key: u64) -> u64 {
    body::of(key)
}

// Borrowed arguments are looked up by an owned key, which the function says how to make.
#[cached(key = "String", convert = { key.to_owned() })]
fn text(key: &str) -> u64 {
    body::of_text(key)
}

#[cached]
fn constant() -> u64 {
    body::of(0)
}

#[once]
fn constant_once() -> u64 {
    body::of(0)
}

/// A contender from a function and the cache that its attribute made.
macro_rules! contender {
    ($function:expr, $setup:expr, locked $cache:ident) => {
        Contender::function(CACHED, $setup, $function, || $cache.write().cache_reset())
    };
    ($function:expr, $setup:expr, sharded $cache:ident) => {
        Contender::function(CACHED, $setup, $function, || {
            $cache.cache_reset().unwrap_or_else(|never| match never {});
        })
    };
}

pub(super) struct Cached;

impl Peer for Cached {
    fn unbounded(&self) -> Vec<Contender<u64>> {
        vec![
            contender!(unbounded, "#[cached]", locked UNBOUNDED),
            contender!(sharded, "#[concurrent_cached]", sharded SHARDED),
        ]
    }

    fn bounded(&self, bound: Bound) -> Vec<Contender<u64>> {
        match bound {
            Bound::Thousand => vec![
                contender!(lru_1_000, "#[cached(max_size = 1_000)]", locked LRU_1_000),
                contender!(by_key_1_000, "#[cached(.., sync_writes = \"by_key\")]", locked BY_KEY_1_000),
                contender!(sharded_1_000, "#[concurrent_cached(max_size = 1_000)]", sharded SHARDED_1_000),
            ],
            Bound::TwoThousand => vec![
                contender!(lru_2_000, "#[cached(max_size = 2_000)]", locked LRU_2_000),
                contender!(sharded_2_000, "#[concurrent_cached(max_size = 2_000)]", sharded SHARDED_2_000),
            ],
            Bound::TenThousand => vec![
                contender!(lru_10_000, "#[cached(max_size = 10_000)]", locked LRU_10_000),
                contender!(sharded_10_000, "#[concurrent_cached(max_size = 10_000)]", sharded SHARDED_10_000),
            ],
        }
    }

    fn ageing(&self) -> Vec<Contender<u64>> {
        vec![
            contender!(ageing, "#[cached(ttl_secs = 3600)]", locked AGEING),
            contender!(sharded_ageing, "#[concurrent_cached(ttl_secs = 3600)]", sharded SHARDED_AGEING),
        ]
    }

    fn text(&self) -> Vec<Contender<&'static str>> {
        vec![contender!(text, "#[cached(key = \"String\", convert = ..)]", locked TEXT)]
    }

    fn constant(&self) -> Vec<Contender<()>> {
        vec![
            contender!(|()| constant(), "#[cached]", locked CONSTANT),
            Contender::function(
                CACHED,
                "#[once]",
                |()| constant_once(),
                || {
                    *CONSTANT_ONCE.write() = None;
                },
            ),
        ]
    }
}
