//! Misses: keys that were never asked for before.

use super::Workload;
use crate::measure::{Plan, Settings};
use crate::peers::{self, Bound};
use crate::random::scramble;
use crate::report::Report;

pub(super) const UNBOUNDED: Workload = Workload {
    name: "miss-unbounded",
    title: "miss, u64 to u64, 10,000 keys into an empty cache with room for all",
    run: unbounded,
};

pub(super) const FULL: Workload = Workload {
    name: "miss-full",
    title: "miss, u64 to u64, fresh keys into a full cache of 1,000",
    run: full,
};

const BATCH: usize = 10_000;

/// Numbers that differ from those of all other ranges.
fn fresh(range: std::ops::Range<usize>) -> Vec<u64> {
    range.map(|number| scramble(number as u64)).collect()
}

/// Growing is part of it: each round begins with nothing, not even memory held from the round before.
fn unbounded(workload: &Workload, settings: Settings) -> Result<Report, String> {
    let plan =
        Plan { warm: Vec::new(), streams: vec![fresh(0..BATCH)], batch: BATCH, cold: true, chained: false };
    workload.measure(&peers::all(|peer| peer.growing(BATCH)), &plan, settings)
}

/// No key comes twice, so that also those do not hit who would keep an older key for longer.
fn full(workload: &Workload, settings: Settings) -> Result<Report, String> {
    let (warm, end) = (2 * Bound::Thousand.entries(), BATCH * settings.rounds);
    let plan = Plan {
        warm: fresh(0..warm),
        streams: vec![fresh(warm..warm + end)],
        batch: BATCH,
        cold: false,
        chained: false,
    };
    workload.measure(&peers::all(|peer| peer.bounded(Bound::Thousand)), &plan, settings)
}
