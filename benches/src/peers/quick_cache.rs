//! `quick_cache`: concurrent, always bounded, by a policy of its own kind.

use std::convert::Infallible;

use quick_cache::sync::Cache;

use super::{Bound, Peer, TEXTS};
use crate::body;
use crate::contender::Contender;

const QUICK_CACHE: &str = "quick_cache";

pub(super) struct QuickCache;

impl Peer for QuickCache {
    fn bounded(&self, bound: Bound) -> Vec<Contender<u64>> {
        let setup = match bound {
            Bound::Thousand => "sync::Cache::new(1_000)",
            Bound::TwoThousand => "sync::Cache::new(2_000)",
            Bound::TenThousand => "sync::Cache::new(10_000)",
        };
        let make = move || Cache::<u64, u64>::new(bound.entries());
        let call = |cache: &Cache<u64, u64>, key| {
            let value: Result<_, Infallible> = cache.get_or_insert_with(&key, || Ok(body::of(key)));
            value.unwrap_or_else(|never| match never {})
        };
        vec![Contender::value(QUICK_CACHE, setup, make, call)]
    }

    fn text(&self) -> Vec<Contender<&'static str>> {
        let make = || Cache::<String, u64>::new(TEXTS);
        let call = |cache: &Cache<String, u64>, key: &'static str| {
            let value: Result<_, Infallible> = cache.get_or_insert_with(key, || Ok(body::of_text(key)));
            value.unwrap_or_else(|never| match never {})
        };
        vec![Contender::value(QUICK_CACHE, "sync::Cache::new(20_000)", make, call)]
    }
}
