//! This library beside others that memoize or cache, and beside a bare hash map: what one call costs.
//!
//! `cargo run --release -p benches -- --help` lists the workloads. A contender is written once for each library, in
//! [`peers`]; a workload, one file each in [`workloads`], picks the contenders that can take part in it.

mod body;
mod cli;
mod contender;
mod measure;
mod peers;
mod random;
mod report;
mod stats;
mod table;
mod workloads;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Options;
use crate::report::{Figures, Machine};

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("benches: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs what was asked for, printing each table as soon as it is there.
fn run(options: &Options) -> Result<(), String> {
    let chosen = options.chosen()?;
    let settings = options.settings();
    let machine = Machine::this();
    println!("{}\n", machine.preamble(settings.rounds));
    measure::wake_machine();
    let mut workloads = Vec::new();
    for workload in chosen {
        let report = (workload.run)(workload, settings);
        println!("{}", report.to_table());
        workloads.push(report);
    }
    if let Some(file) = &options.json {
        let figures = Figures { machine, rounds: settings.rounds, workloads };
        figures.write(file).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    }
    Ok(())
}
