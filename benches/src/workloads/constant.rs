//! Hits of a function without arguments.

use super::Workload;
use crate::measure::{Plan, Settings};
use crate::peers;
use crate::report::Report;

pub(super) const ONE_THREAD: Workload =
    Workload { name: "zero-args", title: "hit, a function without arguments", run };

fn run(workload: &Workload, settings: Settings) -> Report {
    let plan = Plan::hits(vec![()], vec![vec![(); 20_000]]);
    workload.measure(&peers::all(|peer| peer.constant()), &plan, settings)
}
