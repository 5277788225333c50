//! A weather service that fails and stalls on a schedule, and what those see who ask a program for the weather: the same program five
//! times, each with other options of freshness, at the same time and for the same seconds.

mod ask;
mod chart;
mod customers;
mod station;
#[path = "../flights/text.rs"]
#[expect(dead_code, reason = "another program needs the rest")]
mod text;

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::Parser;

use crate::customers::Seen;
use crate::station::Station;
use crate::text::Page;

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
    let mut out = io::stdout().lock();
    let mut page = Page::new(&mut out);
    page.text(&station::schedule())?;
    page.blank()?;
    let stations: Vec<_> = (0..ask::PROGRAMS.len()).map(|_| Station::open()).collect::<Result<_, _>>()?;
    ask::set_stations(stations.iter().map(Station::address).collect());
    let seen: Vec<Seen> = thread::scope(|threads| {
        let programs = ask::PROGRAMS.iter().zip(&stations);
        let running: Vec<_> =
            programs.map(|(program, station)| threads.spawn(|| customers::watch(program, station))).collect();
        running.into_iter().map(|one| one.join().expect("customers do not panic")).collect()
    });
    table(&mut page, &seen)?;
    page.blank()?;
    page.text(
        "An answer's age counts from the moment when the service was asked for it: one that stalls is old when it comes, and is kept for \
         its ttl from then on.",
    )?;
    chart::draw(&seen, &arguments.picture)?;
    page.text(&format!("The picture is in {}.", arguments.picture.display()))?;
    Ok(())
}

fn table(page: &mut Page<'_>, seen: &[Seen]) -> io::Result<()> {
    page.item(&format!(
        "{:>7} {:>8} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "calls", "errors", "median", "99 %", "slowest", "oldest", "requests"
    ))?;
    for one in seen {
        let latencies = one.latencies();
        let at = |percent: usize| short(latencies[(latencies.len() - 1) * percent / 100]);
        page.blank()?;
        page.text(&one.options)?;
        page.item(&format!(
            "{:>7} {:>7.1}% {:>9} {:>9} {:>9} {:>9} {:>9}",
            one.calls.len(),
            100.0 * one.errors() as f64 / one.calls.len() as f64,
            at(50),
            at(99),
            at(100),
            short(one.oldest()),
            one.requests,
        ))?;
    }
    Ok(())
}

fn short(time: Duration) -> String {
    if time < Duration::from_millis(1) { format!("{:.1?}", time) } else { format!("{} ms", time.as_millis()) }
}
