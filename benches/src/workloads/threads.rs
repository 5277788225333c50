//! Hits on two threads, and the same on one: the price of meeting.

use super::Workload;
use super::hits::{number, numbers};
use crate::measure::{Plan, Settings};
use crate::random::{Random, Zipf};
use crate::report::Report;

pub(super) const HOT_KEY_ALONE: Workload = Workload {
    name: "hot-key-1",
    title: "hit, u64 to u64, one key, one thread",
    run: |workload, settings| hot_key(workload, settings, 1),
};

pub(super) const HOT_KEY: Workload = Workload {
    name: "hot-key-2",
    title: "hit, u64 to u64, one key, two threads",
    run: |workload, settings| hot_key(workload, settings, 2),
};

pub(super) const ZIPF_ALONE: Workload = Workload {
    name: "zipf-hit-1",
    title: "hit, u64 to u64, Zipf 0.9 over 1,000 keys, one thread",
    run: |workload, settings| zipf(workload, settings, 1),
};

pub(super) const ZIPF: Workload = Workload {
    name: "zipf-hit-2",
    title: "hit, u64 to u64, Zipf 0.9 over 1,000 keys, two threads",
    run: |workload, settings| zipf(workload, settings, 2),
};

/// On several threads, batches are long beside the moment in which one thread has begun and the other not.
const BATCH: usize = 80_000;

fn hot_key(workload: &Workload, settings: Settings, threads: usize) -> Result<Report, String> {
    let key = number(0);
    let plan = Plan { chained: false, ..Plan::hits(vec![key], vec![vec![key; BATCH]; threads]) };
    workload.measure(&numbers(), &plan, settings)
}

fn zipf(workload: &Workload, settings: Settings, threads: u64) -> Result<Report, String> {
    let zipf = Zipf::new(1_000, 0.9);
    let stream = |seed| {
        let mut random = Random::new(seed);
        (0..BATCH).map(|_| number(zipf.draw(&mut random))).collect()
    };
    let keys = (0..1_000).map(number).collect();
    let plan = Plan { chained: false, ..Plan::hits(keys, (0..threads).map(stream).collect()) };
    workload.measure(&numbers(), &plan, settings)
}
