//! This library beside others that memoize or cache, and beside a bare hash map: what one call costs.
//!
//! `cargo run --release -p benches -- --help` lists the options. A contender is written once for each library, in
//! [`peers`]; a workload, in [`workloads`], picks the contenders that can take part in it. The figures are a
//! [`report`], which [`table`], [`chart`], [`goals`] and [`page`] show.

mod allocator;
mod body;
mod chart;
mod child;
mod cli;
mod contender;
mod goals;
mod key;
mod machine;
mod measure;
mod page;
mod peers;
mod random;
mod report;
mod stats;
mod table;
mod workloads;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Internal, Options};
use crate::machine::Machine;
use crate::report::Figures;
use crate::table::Table;

fn main() -> ExitCode {
    let options = Options::parse();
    let done = match options.command {
        Some(Internal::Child { task, contender, amount }) => {
            workloads::run_child(task, contender, amount).map(|said| println!("{said}"))
        }
        None if options.list => {
            println!("{}", cli::list());
            Ok(())
        }
        None => run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("benches: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Finds figures, and shows them in every way that was asked for.
fn run(options: &Options) -> Result<(), String> {
    // Whatever can go wrong is to go wrong before the minutes that a run takes.
    let page = options.markdown.as_deref().map(page::Page::open).transpose()?;
    if let Some(folder) = &options.svg {
        std::fs::create_dir_all(folder).map_err(|error| cannot("made", folder, &error))?;
    }
    let figures = match &options.from {
        Some(file) => earlier(options, file)?,
        None => measured(options)?,
    };
    if options.compare_to_goals {
        println!("{}", goals::compare(&figures));
    }
    if let Some(file) = &options.json {
        figures.write(file).map_err(|error| cannot("written", file, &error))?;
    }
    if let Some(folder) = &options.svg {
        for report in &figures.workloads {
            let file = folder.join(format!("{}.svg", report.name));
            chart::draw(report, &file).map_err(|error| cannot("drawn", &file, &error))?;
        }
    }
    match page {
        Some(page) => page.fill(&figures),
        None => Ok(()),
    }
}

fn cannot(be: &str, path: &Path, error: &impl std::fmt::Display) -> String {
    format!("{} cannot be {be}: {error}", path.display())
}

/// Runs what was asked for, printing each table as soon as it is there.
fn measured(options: &Options) -> Result<Figures, String> {
    let chosen = options.chosen()?;
    let settings = options.settings();
    let mut figures = Figures { machine: Machine::this(), rounds: settings.rounds, workloads: Vec::new() };
    preamble(&figures);
    measure::wake_machine();
    for workload in chosen {
        match (workload.run)(workload, settings) {
            Ok(report) => {
                println!("{}", Table::from(&report));
                figures.workloads.push(report);
            }
            Err(reason) => eprintln!("benches: {} is left out: {reason}\n", workload.name),
        }
    }
    if figures.workloads.is_empty() { Err("nothing was measured".to_owned()) } else { Ok(figures) }
}

/// Shows what was measured earlier.
fn earlier(options: &Options, file: &Path) -> Result<Figures, String> {
    let chosen = options.chosen()?;
    let mut figures = Figures::read(file).map_err(|error| cannot("read", file, &error))?;
    figures.workloads.retain(|report| chosen.iter().any(|workload| workload.name == report.name));
    if figures.workloads.is_empty() {
        return Err(format!("{} has none of the workloads that were asked for", file.display()));
    }
    preamble(&figures);
    for report in &figures.workloads {
        println!("{}", Table::from(report));
    }
    Ok(figures)
}

fn preamble(figures: &Figures) {
    for line in figures.machine.lines(figures.rounds) {
        println!("{line}");
    }
    println!("{}\n", table::LEGEND);
}
