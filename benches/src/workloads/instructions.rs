//! Instructions of a hit, as `callgrind` counts them: the same on every run, whatever else the machine does.

use super::hits::{number, numbers};
use super::{Workload, nth};
use crate::child::{self, Task};
use crate::contender::{Calls, Contender};
use crate::measure::Settings;
use crate::report::{Report, Row, Unit};

pub(super) const PER_HIT: Workload =
    Workload { name: "instructions", title: "instructions of a hit, u64 to u64, 1,000 keys", run };

const KEYS: usize = 1_000;

/// Passes over the keys in a short run and in a long one: the difference is hits alone.
const PASSES: [usize; 2] = [5, 45];

fn run(workload: &Workload, _: Settings) -> Result<Report, String> {
    let row = |(number, contender): (usize, Contender<u64>)| {
        let [short, long] = PASSES.map(|passes| child::count_instructions(Task::Hits, number, passes));
        let hits = (PASSES[1] - PASSES[0]) * KEYS;
        let each = (long? - short?) / hits as f64;
        Ok(Row::new(contender.library, contender.setup, vec![each]))
    };
    let rows = numbers().into_iter().enumerate().map(row).collect::<Result<_, String>>()?;
    Ok(workload.report(Unit::Instructions, rows))
}

pub(super) fn child(contender: usize, passes: usize) -> Result<String, String> {
    let contender = nth(numbers(), contender)?;
    let keys: Vec<u64> = (0..KEYS).map(number).collect();
    contender.run(&keys, Calls::Independent);
    contender.run(&keys, Calls::Independent);
    counted_passes(&contender, &keys, passes);
    Ok(String::new())
}

/// Instructions are counted in here and in what it calls, found by this name: [`child::COUNTED`]. What libraries do
/// when a process starts depends on the clock.
#[inline(never)]
fn counted_passes(contender: &Contender<u64>, keys: &[u64], passes: usize) {
    for _ in 0..passes {
        contender.run(keys, Calls::Independent);
    }
}
