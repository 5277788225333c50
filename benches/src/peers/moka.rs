//! `moka`: concurrent, bounded on demand, by a policy that also counts how often keys are asked for.

use std::time::Duration;

use moka::sync::Cache;

use super::{Bound, Peer};
use crate::body;
use crate::contender::Contender;

const MOKA: &str = "moka";

pub(super) struct Moka;

fn call(cache: &Cache<u64, u64>, key: u64) -> u64 {
    cache.get_with_by_ref(&key, || body::of(key))
}

impl Peer for Moka {
    fn unbounded(&self) -> Vec<Contender<u64>> {
        vec![Contender::value(MOKA, "sync::Cache, unbounded", || Cache::builder().build(), call)]
    }

    fn bounded(&self, bound: Bound) -> Vec<Contender<u64>> {
        let setup = match bound {
            Bound::Thousand => "sync::Cache::new(1_000)",
            Bound::TwoThousand => "sync::Cache::new(2_000)",
            Bound::TenThousand => "sync::Cache::new(10_000)",
        };
        vec![Contender::value(MOKA, setup, move || Cache::new(bound.entries() as u64), call)]
    }

    fn ageing(&self) -> Vec<Contender<u64>> {
        let make = || Cache::builder().time_to_live(Duration::from_hours(1)).build();
        vec![Contender::value(MOKA, "sync::Cache, time_to_live 3600 s", make, call)]
    }

    fn text(&self) -> Vec<Contender<&'static str>> {
        let make = || Cache::<String, u64>::builder().build();
        let call =
            |cache: &Cache<String, u64>, key: &'static str| cache.get_with_by_ref(key, || body::of_text(key));
        vec![Contender::value(MOKA, "sync::Cache, unbounded", make, call)]
    }
}
