//! Runs the policies over recorded streams of accesses and compares the hits with those of a reference.
//!
//! `hit-ratios --help` says how it is called.

mod annotated;
mod cells;
mod run;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use cells::{Cell, Reference};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

/// The policies that are run unless some are named.
const ALL: [&str; 10] =
    ["lru", "fifo", "random", "lfu", "sieve", "s3fifo", "tinylfu", "lirs", "arc", "adaptive"];

/// Runs the policies over recorded streams of accesses and compares their hits with those of a reference.
///
/// The folder holds streams as NAME.u32.zst (little-endian ids, compressed with zstd) and reference.csv with the columns
/// trace, capacity, standard, policy, requests, hits, hit_ratio.
#[derive(Parser)]
struct Options {
    /// The folder with the streams
    folder: PathBuf,
    /// This stream only
    #[arg(long)]
    trace: Option<String>,
    /// This capacity only
    #[arg(long)]
    capacity: Option<usize>,
    /// These policies only, as NAME or NAME:PARAMETER
    #[arg(long = "policy", default_values_t = ALL.map(String::from), value_parser = run::named)]
    policies: Vec<String>,
    /// Print a line for each stream, capacity and policy
    #[arg(long)]
    cells: bool,
    /// Tell the policies every use, where an entry's first in a generation would do
    #[arg(long)]
    every_use: bool,
    /// Call annotated functions, as a user would, in place of the policies alone
    #[arg(long, conflicts_with_all = ["every_use", "seed"])]
    annotated: bool,
    /// Streams of fewer requests only
    #[arg(long, default_value_t = usize::MAX, hide_default_value = true)]
    below: usize,
    /// Another seed of the hashes; without it `tinylfu` has those of the reference
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    seed: u64,
}

/// What one policy did in one cell.
struct Outcome {
    hits: u64,
    time: Duration,
    bytes: usize,
}

fn main() -> ExitCode {
    match simulate(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn simulate(options: &Options) -> Result<(), String> {
    if let Some(name) = options.policies.iter().find(|name| options.annotated && !annotated::can(name)) {
        return Err(format!("no function is annotated with {name}: leave its parameter out"));
    }
    let reference = Reference::read(&options.folder.join("reference.csv"))?;
    let wanted = |trace: &String| options.trace.as_ref().is_none_or(|only| only == trace);
    let traces: Vec<_> = reference.traces().filter(|(trace, _)| wanted(trace)).collect();
    if let (Some(trace), true) = (&options.trace, traces.is_empty()) {
        return Err(format!("reference.csv has no stream {trace} in a standard cell"));
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} streams, {elapsed}: {msg}");
    let bar = ProgressBar::new(traces.len() as u64).with_style(style.expect("the template is sound"));
    let mut outcomes: BTreeMap<String, Vec<(Cell, Outcome)>> = BTreeMap::new();
    for (trace, mut capacities) in traces {
        capacities.retain(|capacity| options.capacity.is_none_or(|only| only == *capacity));
        let requests = run::read(&options.folder.join(format!("{trace}.u32.zst")))?;
        if requests.len() >= options.below {
            capacities.clear();
        }
        for capacity in capacities {
            for name in &options.policies {
                bar.set_message(format!("{trace}, {capacity} entries, {name}"));
                let (hits, time, bytes) = if options.annotated {
                    let (hits, time) = annotated::run(name, capacity, &requests);
                    (hits, time, 0)
                } else {
                    run::run(name, capacity, &requests, options.every_use, options.seed)
                };
                let cell = Cell { trace: trace.clone(), capacity, requests: requests.len() as u64 };
                outcomes.entry(name.clone()).or_default().push((cell, Outcome { hits, time, bytes }));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if outcomes.is_empty() {
        return Err("no standard cell of reference.csv is left: see --capacity and --below".into());
    }
    if options.cells {
        print_cells(&reference, &outcomes);
    }
    print_summary(&reference, &options.policies, &outcomes);
    Ok(())
}

fn print_cells(reference: &Reference, outcomes: &BTreeMap<String, Vec<(Cell, Outcome)>>) {
    for (name, cells) in outcomes {
        for (cell, outcome) in cells {
            let expected = reference.hits(cell, name);
            let difference = expected.map_or(0, |hits| outcome.hits as i64 - hits as i64);
            println!(
                "{name:12} {:18} {:7} hits {:8} reference {:8} difference {difference:7} points {:6.2}",
                cell.trace,
                cell.capacity,
                outcome.hits,
                expected.unwrap_or(0),
                100.0 * difference as f64 / cell.requests as f64,
            );
        }
    }
}

fn print_summary(reference: &Reference, names: &[String], outcomes: &BTreeMap<String, Vec<(Cell, Outcome)>>) {
    println!(
        "{:14} {:>5} {:>7} {:>7} {:>7} {:>7} {:>6} {:>7} {:>7} {:>9} {:>8} {:>7}",
        "policy", "cells", "mean", "ref", "gap", "ref", "exact", "worst", "best", "vs LRU", "ns", "bytes"
    );
    for name in names {
        let cells = &outcomes[name];
        let mut mean = Mean::default();
        let (mut exact, mut worst, mut best) = (0, 0.0_f64, 0.0_f64);
        let (mut time, mut requests) = (0.0, 0.0);
        let mut of_trace: BTreeMap<&str, Mean> = BTreeMap::new();
        let mut bytes = 0.0;
        for (cell, outcome) in cells {
            let ratio = outcome.hits as f64 / cell.requests as f64;
            let expected = reference.hits(cell, name);
            let other = expected.map_or(f64::NAN, |hits| hits as f64 / cell.requests as f64);
            exact += usize::from(expected == Some(outcome.hits));
            worst = worst.min((ratio - other) * 100.0);
            best = best.max((ratio - other) * 100.0);
            mean.add(reference.lru_and_opt(cell), ratio, other);
            of_trace.entry(&cell.trace).or_default().add(reference.lru_and_opt(cell), ratio, other);
            time += outcome.time.as_nanos() as f64;
            requests += cell.requests as f64;
            bytes = outcome.bytes as f64 / cell.capacity as f64;
        }
        let below_lru = of_trace.values().map(Mean::over_lru).fold(f64::INFINITY, f64::min);
        let (ratio, other, gap, other_gap) = mean.values();
        println!(
            "{name:14} {:5} {ratio:7.2} {other:7.2} {gap:7.3} {other_gap:7.3} {exact:6} {worst:7.2} {best:7.2} {below_lru:9.2} {:8.1} {bytes:7.1}",
            cells.len(),
            time / requests,
        );
    }
}

/// Sums over cells.
#[derive(Default)]
struct Mean {
    cells: f64,
    ratio: f64,
    other: f64,
    lru: f64,
    gap: f64,
    other_gap: f64,
}

impl Mean {
    fn add(&mut self, (lru, opt): (f64, f64), ratio: f64, other: f64) {
        let gap = |ratio: f64| if opt > lru { ((ratio - lru) / (opt - lru)).max(-1.0) } else { 0.0 };
        self.cells += 1.0;
        self.ratio += ratio;
        self.other += other;
        self.lru += lru;
        self.gap += gap(ratio);
        self.other_gap += gap(other);
    }

    fn values(&self) -> (f64, f64, f64, f64) {
        let percent = |sum: f64| 100.0 * sum / self.cells;
        (percent(self.ratio), percent(self.other), self.gap / self.cells, self.other_gap / self.cells)
    }

    fn over_lru(&self) -> f64 {
        100.0 * (self.ratio - self.lru) / self.cells
    }
}
