//! Hits and misses as they come where some keys are asked for far more often than others.
//!
//! Time and hit ratio belong together here: the body costs next to nothing, so a policy that hits less often may
//! look fast. With a body that costs anything, the hit ratio decides.

use super::Workload;
use crate::measure::{Plan, Settings};
use crate::peers::{self, Bound};
use crate::random::{Random, Zipf, scramble};
use crate::report::Report;

pub(super) const ONE_THREAD: Workload = Workload {
    name: "mixed-1",
    title: "mixed, Zipf 0.9 over 100,000 keys, room for 10,000, one thread",
    run: |workload, settings| run(workload, settings, 1),
};

pub(super) const TWO_THREADS: Workload = Workload {
    name: "mixed-2",
    title: "mixed, Zipf 0.9 over 100,000 keys, room for 10,000, two threads",
    run: |workload, settings| run(workload, settings, 2),
};

const KEYS: u32 = 100_000;
const EXPONENT: f64 = 0.9;
const BATCH: usize = 20_000;
/// Enough that every cache is full and has seen the frequent keys many times.
const WARM: usize = 200_000;

fn run(workload: &Workload, settings: Settings, threads: u64) -> Result<Report, String> {
    let zipf = Zipf::new(KEYS, EXPONENT);
    let draws = |seed: u64, number: usize| -> Vec<u64> {
        let mut random = Random::new(seed);
        (0..number).map(|_| scramble(zipf.draw(&mut random) as u64)).collect()
    };
    let stream = |thread: u64| draws(100 + thread, BATCH * settings.rounds);
    let plan = Plan {
        warm: draws(99, WARM),
        streams: (0..threads).map(stream).collect(),
        batch: BATCH,
        cold: false,
        chained: false,
    };
    workload.measure(&peers::all(|peer| peer.bounded(Bound::TenThousand)), &plan, settings)
}
