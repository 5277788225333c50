//! An airline's operations desk over the flights of early 2001: what a cache saves, costs and must be told.

mod ahead;
mod data;
mod database;
mod desk;
mod error;
mod progress;
mod record;
mod replay;
mod season;
mod setup;
mod text;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cached_core::registry;
use clap::Parser;

use crate::database::{Contents, Db};
use crate::error::DeskError;
use crate::text::{Page, count, duration, tail};

/// As many as the embedded data hold.
const DEPARTURES: u32 = 20_000;

/// An airline's operations desk, with and without memoized functions.
///
/// Works through departures of January to March 2001, and asks for each a
/// report on its route, both airports, and the distance between them: first
/// past the cache, then through it.
// clap does not break lines by itself, so these are broken for 80 columns here.
#[derive(Parser)]
#[command(name = "flights", verbatim_doc_comment)]
struct Arguments {
    /// The database file, built at the first run
    /// [default: flights.sqlite in the target folder]
    #[arg(long, value_name = "PATH", verbatim_doc_comment)]
    database: Option<PathBuf>,

    /// How many departures to work through, from 1 to 20000
    #[arg(long, value_name = "N", default_value_t = DEPARTURES)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=i64::from(DEPARTURES)))]
    requests: u32,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = io::stdout().lock();
    match run(&arguments, &mut out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            // With standard error gone as well there is nobody to tell.
            let _ = writeln!(io::stderr(), "flights: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<(), DeskError> {
    let path = match &arguments.database {
        Some(path) => path.clone(),
        None => default_database()?,
    };
    let start = Instant::now();
    let (db, contents, built) = setup::open_or_build(&path)?;
    let taken = start.elapsed();
    desk::set_database(path.clone());

    let mut page = Page::new(out);
    show_database(&mut page, &path, contents, built, taken)?;
    let departures = replay::departures(&db, arguments.requests as usize)?;
    let gained = show_desk(&mut page, &db, &departures)?;
    page.section(
        "A promise",
        "season_report is lazy: the call returns a handle and does nothing. Only force() runs the body, and \
         only once for equal arguments.",
    )?;
    season::promise(&mut page)?;
    page.section(
        "Ahead of time",
        "After a start every cache is empty. warm_with() loads what will be asked for, tells how far it is, and \
         counts no calls: airports on this thread, whose database it is, months on two threads at once.",
    )?;
    ahead::warm(&mut page, &db, &departures)?;
    show_balance(&mut page, gained)
}

/// In the workspace's target folder, next to what else can be made again at any time.
fn default_database() -> Result<PathBuf, DeskError> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = package.parent().unwrap_or(package).join("target");
    let path = folder.join("flights.sqlite");
    // Missing where cargo was told to build elsewhere.
    fs::create_dir_all(&folder)
        .map_err(|error| DeskError::not_built(&path, format!("Its folder cannot be made: {error}")))?;
    Ok(path)
}

fn show_database(
    page: &mut Page<'_>,
    path: &Path,
    contents: Contents,
    built: bool,
    taken: Duration,
) -> Result<(), DeskError> {
    page.section(
        "The database",
        "The first run builds it from the embedded data; later runs check it and open it.",
    )?;
    let verb = if built { "built" } else { "opened" };
    page.item(&format!("{verb:<10} in {}", duration(taken)))?;
    page.item(&format!("{:<10} {}", "file", tail(&path.display().to_string(), 60)))?;
    page.item(&format!("{:<10} {}", "flights", count(contents.flights)))?;
    page.item(&format!("{:<10} {}", "airports", count(contents.airports)))?;
    Ok(())
}

/// Returns the seconds that the cache gained.
fn show_desk(page: &mut Page<'_>, db: &Db, departures: &[replay::Departure]) -> Result<f64, DeskError> {
    page.section(
        "A season at the desk",
        "Each departure asks for one route report, two airports and one distance, in the order in which the \
         aircraft left.",
    )?;
    replay::describe(page, db, departures)?;
    page.section(
        "Without and with the cache",
        "Each function answers all its requests twice, first as uncached(), then memoized. A ratio above 1 \
         is a gain. Below each line is the cache's own account.",
    )?;
    let gained = replay::compare_all(page, db, departures)?;
    page.section(
        "Recording a flight",
        "The database changes, but a cache cannot know that. The old report stays until its route is \
         invalidated; the other routes are left alone.",
    )?;
    record::record_flight(page, db, departures)?;
    Ok(gained)
}

fn show_balance(page: &mut Page<'_>, gained: f64) -> Result<(), DeskError> {
    page.section(
        "The balance",
        "Time saved is an estimate: hits times the mean time of a load. It takes hits to be as dear as \
         misses and look-ups to be free, so that even distance seems to save a little. The report lists \
         every memoized function of this process, as wide as the terminal, and says what should be changed.",
    )?;
    let saved: Duration = [
        desk::route_report::cache_info().time_saved(),
        desk::airport::cache_info().time_saved(),
        desk::distance::cache_info().time_saved(),
        desk::season_report::cache_info().time_saved(),
    ]
    .iter()
    .sum();
    page.item(&format!("time saved in all, as the caches see it   {:>12}", duration(saved)))?;
    let size = duration(Duration::from_secs_f64(gained.abs()));
    let gain_or_loss = if gained < 0.0 { format!("-{size}") } else { size };
    page.item(&format!("gained in section 3, as the clock saw it  {gain_or_loss:>12}"))?;
    page.blank()?;
    page.fitted(&registry::report().to_string())?;
    Ok(())
}
