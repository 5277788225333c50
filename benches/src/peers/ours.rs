//! The library of this workspace, as it is used: by annotated functions.

use cached_core::memoize;

use super::{Bound, Peer};
use crate::body;
use crate::contender::Contender;

const OURS: &str = "ours";

#[memoize]
fn unbounded(key: u64) -> u64 {
    body::of(key)
}

#[memoize(max = 1_000, policy = lru)]
fn lru_1_000(key: u64) -> u64 {
    body::of(key)
}

#[memoize(max = 2_000, policy = lru)]
fn lru_2_000(key: u64) -> u64 {
    body::of(key)
}

#[memoize(max = 10_000, policy = lru)]
fn lru_10_000(key: u64) -> u64 {
    body::of(key)
}

#[memoize(ttl = 3600s)]
fn ageing(key: u64) -> u64 {
    body::of(key)
}

#[memoize]
fn text(key: &str) -> u64 {
    body::of_text(key)
}

#[memoize]
fn constant() -> u64 {
    body::of(0)
}

/// A contender from a function: what is looked up by is what the function takes.
macro_rules! contender {
    ($function:ident, $setup:expr) => {
        Contender::function(OURS, $setup, $function, || {
            $function::cache().clear();
        })
    };
}

pub(super) struct Ours;

impl Peer for Ours {
    fn unbounded(&self) -> Vec<Contender<u64>> {
        vec![contender!(unbounded, "#[memoize]")]
    }

    fn bounded(&self, bound: Bound) -> Vec<Contender<u64>> {
        vec![match bound {
            Bound::Thousand => contender!(lru_1_000, "#[memoize(max = 1_000, policy = lru)]"),
            Bound::TwoThousand => contender!(lru_2_000, "#[memoize(max = 2_000, policy = lru)]"),
            Bound::TenThousand => contender!(lru_10_000, "#[memoize(max = 10_000, policy = lru)]"),
        }]
    }

    fn ageing(&self) -> Vec<Contender<u64>> {
        vec![contender!(ageing, "#[memoize(ttl = 3600s)]")]
    }

    fn text(&self) -> Vec<Contender<&'static str>> {
        vec![contender!(text, "#[memoize]")]
    }

    fn constant(&self) -> Vec<Contender<()>> {
        let clear = || {
            constant::cache().clear();
        };
        vec![Contender::function(OURS, "#[memoize]", |()| constant(), clear)]
    }
}
