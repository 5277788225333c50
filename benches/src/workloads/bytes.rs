//! What an entry takes, in memory that was asked for and not given back.

use super::{Workload, nth};
use crate::allocator::meter;
use crate::child::{self, Task};
use crate::contender::{Calls, Contender};
use crate::measure::Settings;
use crate::peers::{self, Bound};
use crate::random::scramble;
use crate::report::{Report, Row, Unit};

pub(super) const PER_ENTRY: Workload = Workload {
    name: "bytes",
    title: "live bytes per entry, u64 to u64, 1,000,000 entries (16 bytes of them)",
    run,
};

const ENTRIES: u64 = 1_000_000;

/// More keys than entries: with a bound divided over shards, all of them are full only after some more. Who has no
/// bound, or room for more, is given just as many keys as it is to hold.
const KEYS: u64 = ENTRIES + ENTRIES / 4;

/// Each with the keys it is given.
fn contenders() -> Vec<(Contender<u64>, u64)> {
    let unbounded =
        peers::all(|peer| peer.growing(1_000_000)).into_iter().map(|contender| (contender, ENTRIES));
    let bounded =
        peers::all(|peer| peer.bounded(Bound::Million)).into_iter().map(|contender| (contender, KEYS));
    unbounded.chain(bounded).collect()
}

/// Each in a process of its own: what one has kept from other workloads would be missing.
fn run(workload: &Workload, _: Settings) -> Result<Report, String> {
    let row = |(number, (contender, _)): (usize, (Contender<u64>, u64))| {
        Ok(Row::new(contender.library, contender.setup, vec![child::ask(Task::Bytes, number)?]))
    };
    let rows = contenders().into_iter().enumerate().map(row).collect::<Result<_, String>>()?;
    Ok(workload.report(Unit::Bytes, rows))
}

pub(super) fn child(number: usize) -> Result<String, String> {
    let (contenders, keys): (Vec<_>, Vec<_>) = contenders().into_iter().unzip();
    let keys: Vec<u64> = (0..*keys.get(number).unwrap_or(&0)).map(scramble).collect();
    let contender = nth(contenders, number)?;
    let allocated = meter(|| contender.run(&keys, Calls::Independent));
    Ok((allocated.live as f64 / ENTRIES as f64).to_string())
}
