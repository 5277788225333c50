//! A weather service that fails and stalls on a schedule, and what those see who ask a program for the weather: the same program five
//! times, each with other options of freshness, at the same time and for the same seconds.

mod ask;
mod chart;
mod customers;
mod station;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::Parser;

use crate::customers::Seen;
use crate::station::Station;

/// What callers see of a source that fails and stalls, with and without
/// options of freshness: a table, and a picture.
// clap does not break lines by itself, so these are broken for 80 columns here.
#[derive(Parser)]
#[command(name = "weather", verbatim_doc_comment)]
struct Arguments {
    /// Where the picture goes
    #[arg(long, value_name = "FILE", default_value = "weather.svg")]
    picture: PathBuf,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("weather: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    println!("{}\n", station::schedule());
    let stations: Vec<_> = (0..ask::PROGRAMS.len()).map(|_| Station::open()).collect::<Result<_, _>>()?;
    ask::set_stations(stations.iter().map(Station::address).collect());
    let seen: Vec<Seen> = thread::scope(|threads| {
        let programs = ask::PROGRAMS.iter().zip(&stations);
        let running: Vec<_> =
            programs.map(|(program, station)| threads.spawn(|| customers::watch(program, station))).collect();
        running.into_iter().map(|one| one.join().expect("customers do not panic")).collect()
    });
    table(&seen);
    chart::draw(&seen, &arguments.picture)?;
    println!("\nThe picture is in {}.", arguments.picture.display());
    Ok(())
}

fn table(seen: &[Seen]) {
    println!(
        "{:>7} {:>8} {:>9} {:>9} {:>9} {:>9} {:>9}   options",
        "calls", "errors", "median", "99 %", "slowest", "oldest", "requests"
    );
    for one in seen {
        let latencies = one.latencies();
        let at = |percent: usize| short(latencies[(latencies.len() - 1) * percent / 100]);
        println!(
            "{:>7} {:>7.1}% {:>9} {:>9} {:>9} {:>9} {:>9}   {}",
            one.calls.len(),
            100.0 * one.errors() as f64 / one.calls.len() as f64,
            at(50),
            at(99),
            at(100),
            short(one.oldest()),
            one.requests,
            one.options,
        );
    }
}

fn short(time: Duration) -> String {
    if time < Duration::from_millis(1) { format!("{:.1?}", time) } else { format!("{} ms", time.as_millis()) }
}
