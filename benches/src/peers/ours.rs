//! The library of this workspace, as it is used: by annotated functions.

use std::future::ready;
use std::hash::Hash;

use cached_core::memoize;

use super::{Bound, Peer};
use crate::body;
use crate::contender::Contender;
use crate::key::{Key as _, Pair, Text};

pub(crate) const OURS: &str = "ours";

/// A contender from a function: what is looked up by is what the function takes.
macro_rules! contender {
    ($function:ident, $setup:expr) => {
        contender!($function, $setup, $function)
    };
    ($function:ident, $setup:expr, $call:expr) => {
        Contender::function(OURS, $setup, $call, || {
            $function::clear();
        })
    };
}

/// Functions of every bound by every policy.
macro_rules! policies {
    ($($policy:ident),+ $(,)?) => {
        $(mod $policy {
            use super::{Bound, Contender, OURS, body, memoize};

            policies!(@function thousand, 1_000, $policy);
            policies!(@function two_thousand, 2_000, $policy);
            policies!(@function ten_thousand, 10_000, $policy);
            policies!(@function million, 1_000_000, $policy);

            pub(super) fn contender(bound: Bound) -> Contender<u64> {
                match bound {
                    Bound::Thousand => policies!(@contender thousand, 1_000, $policy),
                    Bound::TwoThousand => policies!(@contender two_thousand, 2_000, $policy),
                    Bound::TenThousand => policies!(@contender ten_thousand, 10_000, $policy),
                    Bound::Million => policies!(@contender million, 1_000_000, $policy),
                }
            }
        })+

        fn by_policy(bound: Bound) -> Vec<Contender<u64>> {
            vec![$($policy::contender(bound)),+]
        }
    };
    (@function $name:ident, $max:literal, $policy:ident) => {
        #[memoize(max = $max, policy = $policy)]
        fn $name(key: u64) -> u64 {
            body::of(key)
        }
    };
    (@contender $name:ident, $max:literal, $policy:ident) => {
        contender!($name, concat!("max = ", stringify!($max), ", policy = ", stringify!($policy)))
    };
}

// Another policy is one more line.
policies! {
    adaptive,
    lru,
    fifo,
    lfu,
    sieve,
    s3fifo,
    tinylfu,
    lirs,
    arc,
    random,
}

#[memoize]
fn unbounded(key: u64) -> u64 {
    body::of(key)
}

#[memoize(ttl = 3600s)]
fn ageing(key: u64) -> u64 {
    body::of(key)
}

#[memoize]
fn text(key: &str) -> u64 {
    body::of(key.len() as u64)
}

#[memoize]
fn pair(first: u32, second: u64) -> u64 {
    (first, second).body()
}

#[memoize]
fn generic<K>(key: K) -> u64
where
    K: Clone + Eq + Hash + Into<u64> + Send + Sync + 'static,
{
    body::of(key.into())
}

#[memoize]
fn constant() -> u64 {
    body::of(0)
}

#[memoize]
async fn task(key: u64) -> u64 {
    ready(body::of(key)).await
}

pub(super) struct Ours;

impl Peer for Ours {
    fn unbounded(&self, _: usize) -> Vec<Contender<u64>> {
        vec![contender!(unbounded, "#[memoize]")]
    }

    fn bounded(&self, bound: Bound) -> Vec<Contender<u64>> {
        by_policy(bound)
    }

    fn ageing(&self) -> Vec<Contender<u64>> {
        vec![contender!(unbounded, "#[memoize]"), contender!(ageing, "#[memoize(ttl = 3600s)]")]
    }

    fn texts(&self, _: usize) -> Vec<Contender<Text>> {
        vec![contender!(text, "#[memoize]")]
    }

    fn pairs(&self, _: usize) -> Vec<Contender<Pair>> {
        vec![contender!(pair, "#[memoize]", |(first, second)| pair(first, second))]
    }

    fn constant(&self) -> Vec<Contender<()>> {
        vec![contender!(constant, "#[memoize]", |()| constant())]
    }

    fn generic(&self) -> Vec<Contender<u64>> {
        let clear = || {
            generic::clear::<u64>();
        };
        vec![
            contender!(unbounded, "#[memoize]"),
            Contender::function(OURS, "#[memoize], generic", generic::<u64>, clear),
        ]
    }

    fn tasks(&self, _: usize) -> Vec<Contender<u64>> {
        vec![
            contender!(unbounded, "#[memoize], not asynchronous"),
            Contender::task(OURS, "#[memoize]", task, async || {
                task::clear();
            }),
        ]
    }
}
