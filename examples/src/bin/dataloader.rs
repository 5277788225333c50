//! The N+1 problem, and batches against it: 20,000 flights from a SQLite database by their numbers, with a query for each; with
//! one call for all; and with a task for each, whose single loads are gathered. Queries are counted, times are medians over
//! interleaved rounds with empty caches, and drawn as a bar chart.

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use cached_core::memoize;
use clap::Parser;
use plotters::prelude::*;
use rusqlite::{Connection, Row, params_from_iter};

#[derive(Parser)]
struct Args {
    /// How many flights to look up.
    #[arg(long, default_value_t = 20_000)]
    flights: u32,
    /// How many rounds to take the median of.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Where to draw the chart.
    #[arg(long, default_value = "dataloader.svg")]
    chart: PathBuf,
}

const DATA: &str = include_str!("../../data/flights.csv");

static DATABASE: OnceLock<Mutex<Connection>> = OnceLock::new();
static QUERIES: AtomicU64 = AtomicU64::new(0);

#[derive(Clone, Debug, PartialEq)]
struct Flight {
    origin: String,
    destination: String,
    miles: u32,
}

/// Told to all who waited, so it must be one that can be cloned.
type Failed = Arc<rusqlite::Error>;

fn query<T>(ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Failed> {
    QUERIES.fetch_add(1, Ordering::Relaxed);
    let database = DATABASE.get().expect("it is made first");
    ask(&database.lock().unwrap_or_else(PoisonError::into_inner)).map_err(Arc::new)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Flight> {
    Ok(Flight { origin: row.get(1)?, destination: row.get(2)?, miles: row.get(3)? })
}

/// One flight, with a query of its own.
#[memoize]
fn flight(id: u32) -> Result<Flight, Failed> {
    query(|db| {
        let mut statement =
            db.prepare_cached("SELECT id, origin, destination, miles FROM flights WHERE id = ?1")?;
        statement.query_row([id], read)
    })
}

/// Many flights, 500 in a query. Single loads wait for others as long as some come: the window is only the longest they would.
#[memoize(batch, max_batch = 500, window = 100ms)]
async fn flights(ids: &[u32]) -> Result<HashMap<u32, Flight>, Failed> {
    let holes = vec!["?"; ids.len()].join(",");
    let select = format!("SELECT id, origin, destination, miles FROM flights WHERE id IN ({holes})");
    query(|db| {
        let mut statement = db.prepare_cached(&select)?;
        let rows = statement.query_map(params_from_iter(ids), |row| Ok((row.get(0)?, read(row)?)))?;
        rows.collect()
    })
}

fn one_by_one(ids: &[u32]) -> Result<u64, Failed> {
    ids.iter().map(|&id| Ok(u64::from(flight(id)?.miles))).sum()
}

fn all_at_once(ids: &[u32]) -> Result<u64, Failed> {
    let flights = smol::block_on(flights(ids))?;
    Ok(flights.values().map(|flight| u64::from(flight.miles)).sum())
}

/// A task for each flight, none of which knows of the others: as the resolvers of a graph of objects, or the requests of a server.
fn task_by_task(ids: &[u32]) -> Result<u64, Failed> {
    let executor = smol::LocalExecutor::new();
    let tasks: Vec<_> = ids.iter().map(|&id| executor.spawn(flights::load(id))).collect();
    smol::block_on(executor.run(async {
        let mut miles = 0;
        for task in tasks {
            miles += task.await?.map_or(0, |flight| u64::from(flight.miles));
        }
        Ok(miles)
    }))
}

struct Way {
    name: &'static str,
    run: fn(&[u32]) -> Result<u64, Failed>,
    queries: u64,
    times: Vec<Duration>,
}

impl Way {
    fn new(name: &'static str, run: fn(&[u32]) -> Result<u64, Failed>) -> Self {
        Self { name, run, queries: 0, times: Vec::new() }
    }

    /// Runs once with empty caches; the sum of miles.
    fn round(&mut self, ids: &[u32]) -> Result<u64, Failed> {
        flight::clear();
        flights::clear();
        let (before, begun) = (QUERIES.load(Ordering::Relaxed), Instant::now());
        let miles = (self.run)(ids)?;
        self.times.push(begun.elapsed());
        self.queries = QUERIES.load(Ordering::Relaxed) - before;
        Ok(miles)
    }

    fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        times[times.len() / 2]
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let folder = tempfile::tempdir()?;
    let rows = fill(&folder.path().join("flights.sqlite"))?;
    // In no order that an index would like; 7919 is prime, so each comes once.
    let ids: Vec<u32> = (0..args.flights.min(rows)).map(|n| (n.wrapping_mul(7919)) % rows + 1).collect();
    let mut ways = [
        Way::new("a query for each", one_by_one),
        Way::new("one call for all", all_at_once),
        Way::new("a load for each, gathered", task_by_task),
    ];
    let mut sums = Vec::new();
    for _ in 0..args.rounds {
        for way in &mut ways {
            sums.push(way.round(&ids)?);
        }
    }
    assert!(sums.iter().all(|sum| *sum == sums[0]), "all ways find the same");
    let slowest = ways[0].median();
    println!("{} flights, {} miles; medians of {} rounds", ids.len(), sums[0], args.rounds);
    println!("{:<26}{:>9}{:>11}{:>8}", "", "queries", "time", "faster");
    for way in &ways {
        let ratio = slowest.as_secs_f64() / way.median().as_secs_f64();
        println!("{:<26}{:>9}{:>11.1?}{:>7.1}x", way.name, way.queries, way.median(), ratio);
    }
    println!("\n{}", flights::cache_info());
    draw(&ways, &args.chart)?;
    println!("drawn to {}", args.chart.display());
    Ok(())
}

/// Makes the database; how many flights there are in it.
fn fill(path: &Path) -> Result<u32, Box<dyn Error>> {
    let mut database = Connection::open(path)?;
    database.set_prepared_statement_cache_capacity(64);
    database.execute_batch(
        "CREATE TABLE flights (id INTEGER PRIMARY KEY, origin TEXT, destination TEXT, miles INTEGER)",
    )?;
    let transaction = database.transaction()?;
    {
        let mut insert =
            transaction.prepare("INSERT INTO flights (origin, destination, miles) VALUES (?1, ?2, ?3)")?;
        for line in DATA.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let [_, _, miles, origin, destination] = fields[..] else {
                return Err(format!("five fields were expected in {line:?}").into());
            };
            insert.execute((origin, destination, miles.parse::<u32>()?))?;
        }
    }
    transaction.commit()?;
    let rows = database.query_row("SELECT count(*) FROM flights", [], |row| row.get(0))?;
    let _ = DATABASE.set(Mutex::new(database));
    Ok(rows)
}

/// A bar for each way, as long as it took.
fn draw(ways: &[Way], path: &Path) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::new(path, (800, 260)).into_drawing_area();
    area.fill(&WHITE)?;
    let times: Vec<f64> = ways.iter().map(|way| way.median().as_secs_f64() * 1e3).collect();
    let longest = times.iter().copied().fold(0.0, f64::max).max(1e-6);
    let names = |place: &SegmentValue<usize>| match place {
        SegmentValue::CenterOf(place) => ways.get(*place).map_or("", |way| way.name).to_owned(),
        _ => String::new(),
    };
    let mut chart = ChartBuilder::on(&area)
        .caption("The same flights from SQLite, milliseconds", ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(32)
        .y_label_area_size(190)
        .build_cartesian_2d(0.0..longest * 1.05, (0..ways.len()).into_segmented())?;
    chart.configure_mesh().disable_y_mesh().y_labels(ways.len()).y_label_formatter(&names).draw()?;
    let bars = times.iter().enumerate().map(|(place, time)| {
        let ends = [(0.0, SegmentValue::Exact(place)), (*time, SegmentValue::Exact(place + 1))];
        let mut bar = Rectangle::new(ends, RGBColor(0, 95, 175).filled());
        bar.set_margin(8, 8, 0, 0);
        bar
    });
    chart.draw_series(bars)?;
    area.present()?;
    Ok(())
}
