//! `cached`: its attribute with a lock around each cache, and its sharded one.
//!
//! Unless told otherwise, concurrent callers of a key that is not there each run the body; those of most other
//! libraries here wait for one of them. Misses therefore do less, which is to be remembered where they are compared.

use std::future::ready;

use cached::macros::{cached, concurrent_cached, once};
use cached::{Cached as _, ConcurrentCached as _};

use super::{Bound, Peer};
use crate::body;
use crate::contender::Contender;
use crate::key::{Key as _, Pair, Text};

const CACHED: &str = "cached";

/// A contender from a function and the cache that its attribute made.
macro_rules! contender {
    ($function:expr, $setup:expr, locked $cache:path) => {
        Contender::function(CACHED, $setup, $function, || $cache.write().cache_reset())
    };
    ($function:expr, $setup:expr, sharded $cache:path) => {
        Contender::function(CACHED, $setup, $function, || {
            $cache.cache_reset().unwrap_or_else(|never| match never {});
        })
    };
}

/// Functions of a bound, and their contenders.
macro_rules! bounds {
    ($($name:ident: $bound:ident, $max:literal;)+) => {
        $(mod $name {
            use super::*;

            #[cached(max_size = $max)]
            fn lru(key: u64) -> u64 {
                body::of(key)
            }

            // What others do unasked: callers of a key that is being computed wait for it.
            #[cached(max_size = $max, sync_writes = "by_key")]
            fn by_key(key: u64) -> u64 {
                body::of(key)
            }

            #[concurrent_cached(max_size = $max)]
            fn sharded(key: u64) -> u64 {
                body::of(key)
            }

            pub(super) fn contenders() -> Vec<Contender<u64>> {
                vec![
                    contender!(lru, concat!("max_size = ", stringify!($max)), locked LRU),
                    contender!(by_key, "the same, sync_writes = \"by_key\"", locked BY_KEY),
                    contender!(sharded, concat!("concurrent, max_size = ", stringify!($max)), sharded SHARDED),
                ]
            }
        })+

        fn by_bound(bound: Bound) -> Vec<Contender<u64>> {
            match bound {
                $(Bound::$bound => $name::contenders(),)+
            }
        }
    };
}

bounds! {
    thousand: Thousand, 1_000;
    two_thousand: TwoThousand, 2_000;
    ten_thousand: TenThousand, 10_000;
    million: Million, 1_000_000;
}

#[cached]
fn unbounded(key: u64) -> u64 {
    body::of(key)
}

#[concurrent_cached]
fn sharded(key: u64) -> u64 {
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
    body::of(key.len() as u64)
}

#[cached]
fn pair(first: u32, second: u64) -> u64 {
    (first, second).body()
}

#[concurrent_cached]
fn sharded_pair(first: u32, second: u64) -> u64 {
    (first, second).body()
}

#[cached]
fn constant() -> u64 {
    body::of(0)
}

#[once]
fn constant_once() -> u64 {
    body::of(0)
}

#[cached]
async fn task(key: u64) -> u64 {
    ready(body::of(key)).await
}

#[concurrent_cached]
async fn sharded_task(key: u64) -> u64 {
    ready(body::of(key)).await
}

pub(super) struct Cached;

impl Peer for Cached {
    fn unbounded(&self, _: usize) -> Vec<Contender<u64>> {
        vec![
            contender!(unbounded, "#[cached]", locked UNBOUNDED),
            contender!(sharded, "#[concurrent_cached]", sharded SHARDED),
        ]
    }

    fn bounded(&self, bound: Bound) -> Vec<Contender<u64>> {
        by_bound(bound)
    }

    fn ageing(&self) -> Vec<Contender<u64>> {
        vec![
            contender!(ageing, "#[cached(ttl_secs = 3600)]", locked AGEING),
            contender!(sharded_ageing, "#[concurrent_cached(ttl_secs ..)]", sharded SHARDED_AGEING),
        ]
    }

    fn texts(&self, _: usize) -> Vec<Contender<Text>> {
        vec![contender!(text, "#[cached(key = \"String\", ..)]", locked TEXT)]
    }

    fn pairs(&self, _: usize) -> Vec<Contender<Pair>> {
        vec![
            contender!(|(first, second)| pair(first, second), "#[cached]", locked PAIR),
            contender!(
                |(first, second)| sharded_pair(first, second),
                "#[concurrent_cached]",
                sharded SHARDED_PAIR
            ),
        ]
    }

    fn constant(&self) -> Vec<Contender<()>> {
        let clear_once = || *CONSTANT_ONCE.write() = None;
        vec![
            contender!(|()| constant(), "#[cached]", locked CONSTANT),
            Contender::function(CACHED, "#[once]", |()| constant_once(), clear_once),
        ]
    }

    fn tasks(&self, _: usize) -> Vec<Contender<u64>> {
        let clear = async || TASK.write().await.cache_reset();
        let clear_sharded = async || {
            if let Some(cache) = SHARDED_TASK.get() {
                cache.cache_reset().unwrap_or_else(|never| match never {});
            }
        };
        vec![
            Contender::task(CACHED, "#[cached]", task, clear),
            Contender::task(CACHED, "#[concurrent_cached]", sharded_task, clear_sharded),
        ]
    }
}
