//! The insert that hits the moment when a table grows: whoever makes it waits for all of it.

use std::time::Instant;

use super::{Workload, nth};
use crate::child::{self, Task};
use crate::contender::{Calls, Contender};
use crate::measure::Settings;
use crate::peers;
use crate::random::scramble;
use crate::report::{Report, Row, Unit};

pub(super) const WORST_INSERT: Workload = Workload {
    name: "growth",
    title: "the slowest of 1,000,000 inserts into a cache that grows, u64 to u64",
    run,
};

const ENTRIES: u64 = 1_000_000;

fn contenders() -> Vec<Contender<u64>> {
    peers::all(|peer| peer.growing(1_000_000))
}

/// Each in a process of its own, several times, in turns: memory that one has kept would spare it the growth.
fn run(workload: &Workload, settings: Settings) -> Result<Report, String> {
    let contenders = contenders();
    let mut figures = vec![Vec::new(); contenders.len()];
    for _ in 0..settings.repetitions() {
        for (number, figures) in figures.iter_mut().enumerate() {
            figures.push(child::ask(Task::Growth, number)?);
        }
    }
    let row =
        |(contender, figures): (Contender<u64>, _)| Row::new(contender.library, contender.setup, figures);
    Ok(workload.report(Unit::Microseconds, contenders.into_iter().zip(figures).map(row).collect()))
}

pub(super) fn child(number: usize) -> Result<String, String> {
    let contender = nth(contenders(), number)?;
    // What is made at the first call of all is not growth.
    contender.run(&[scramble(ENTRIES)], Calls::Independent);
    let mut worst = 0.0_f64;
    for key in (0..ENTRIES).map(scramble) {
        let begun = Instant::now();
        contender.run(&[key], Calls::Independent);
        worst = worst.max(begun.elapsed().as_secs_f64());
    }
    Ok((worst * 1e6).to_string())
}
