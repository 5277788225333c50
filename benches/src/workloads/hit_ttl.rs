//! Hits where entries age, beside hits where they do not: the price of looking at a clock.

use super::{Workload, hit_u64};
use crate::measure::Settings;
use crate::peers;
use crate::report::Report;

pub(super) const ONE_THREAD: Workload =
    Workload { name: "hit-ttl", title: "hit, u64 to u64, 1,000 keys, with a time to live and without", run };

fn run(workload: &Workload, settings: Settings) -> Report {
    let contenders = peers::all(|peer| {
        let mut own = peer.unbounded();
        own.extend(peer.ageing());
        own
    });
    workload.measure(&contenders, &hit_u64::plan(), settings)
}
