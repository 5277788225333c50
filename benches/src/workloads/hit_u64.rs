//! Hits, by number.

use super::Workload;
use crate::contender::Contender;
use crate::measure::{Plan, Settings};
use crate::peers::{self, Bound};
use crate::random::{Random, scramble};
use crate::report::Report;

pub(super) const ONE_THREAD: Workload =
    Workload { name: "hit-u64", title: "hit, u64 to u64, 1,000 keys", run: one_thread };

pub(super) const TWO_THREADS: Workload = Workload {
    name: "hit-u64-2",
    title: "hit, u64 to u64, two threads over the same 1,000 keys",
    run: two_threads,
};

pub(super) const HOT_KEY: Workload =
    Workload { name: "hot-key-2", title: "hit, u64 to u64, two threads on one key", run: hot_key };

/// On several threads, batches are long beside the moment in which one thread has begun and the other not.
const LONGER: usize = 4;
const PASSES: usize = 20;

/// A thousand numbers, spread out.
pub(super) fn keys() -> Vec<u64> {
    (0..1_000).map(scramble).collect()
}

/// Hits on a thousand keys, in an order that differs from pass to pass.
pub(super) fn plan() -> Plan<u64> {
    let stream = Random::new(1).passes(&keys(), PASSES);
    Plan::hits(keys(), vec![stream])
}

fn contenders() -> Vec<Contender<u64>> {
    peers::all(|peer| {
        let mut own = peer.unbounded();
        own.extend(peer.bounded(Bound::TwoThousand));
        own
    })
}

fn one_thread(workload: &Workload, settings: Settings) -> Report {
    workload.measure(&contenders(), &plan(), settings)
}

fn two_threads(workload: &Workload, settings: Settings) -> Report {
    let stream = |seed| Random::new(seed).passes(&keys(), PASSES * LONGER);
    workload.measure(&contenders(), &Plan::hits(keys(), vec![stream(1), stream(2)]), settings)
}

fn hot_key(workload: &Workload, settings: Settings) -> Report {
    let key = keys()[0];
    let stream = vec![key; 1_000 * PASSES * LONGER];
    workload.measure(&contenders(), &Plan::hits(vec![key], vec![stream.clone(), stream]), settings)
}
