//! Whether a hit by borrowed text asks the allocator for anything.

use super::Workload;
use super::hits::{number, text, texts};
use crate::allocator::meter;
use crate::contender::{Calls, Contender};
use crate::key::Text;
use crate::measure::Settings;
use crate::report::{Report, Row, Unit};

pub(super) const PER_HIT: Workload =
    Workload { name: "allocations", title: "allocations per hit, &str of 24 bytes to u64, 1,000 keys", run };

#[expect(clippy::unnecessary_wraps, reason = "as workloads are run")]
fn run(workload: &Workload, _: Settings) -> Result<Report, String> {
    const PASSES: u32 = 10;
    let keys: Vec<Text> = (0..1_000).map(|index| text(number(index))).collect();
    let row = |contender: Contender<Text>| {
        contender.run(&keys, Calls::Independent);
        contender.run(&keys, Calls::Independent);
        let allocated = meter(|| (0..PASSES).for_each(|_| contender.run(&keys, Calls::Independent)));
        contender.clear();
        let hits = f64::from(PASSES) * keys.len() as f64;
        Row::new(contender.library, contender.setup, vec![allocated.times as f64 / hits])
    };
    Ok(workload.report(Unit::Allocations, texts(1_000).into_iter().map(row).collect()))
}
