//! Write-behind on a ledger: every flight books its miles on the account of the airport it leaves from.
//!
//! `ledger compare` writes each balance through to SQLite, and behind, in one run. `ledger survive` kills itself while it
//! writes, again and again, and shows that nothing which was accepted is missing when the journal has been replayed.

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use cached_core::{WriteBehind, memoize};
use clap::{Parser, Subcommand};
use rusqlite::{Connection, OptionalExtension};

#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// How many writes a second, through and behind.
    Compare {
        /// How many flights to book.
        #[arg(long, default_value_t = 20_000)]
        flights: usize,
        /// How many rounds to take the median of.
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
        rounds: u32,
    },
    /// Kills a process while it writes, and counts what is lost.
    Survive {
        /// How often.
        #[arg(long, default_value_t = 10)]
        kills: u64,
    },
    /// Books flights from this one on and says which were accepted; for `survive`.
    #[command(hide = true)]
    Book { folder: PathBuf, first: usize },
}

const DATA: &str = include_str!("../../data/flights.csv");

/// The account and the amount that each flight books.
static FLIGHTS: LazyLock<Vec<(String, i64)>> = LazyLock::new(|| {
    let booking = |line: &'static str| {
        let mut fields = line.split(',').skip(2);
        let miles = fields.next().and_then(|miles| miles.parse().ok()).expect("the data has miles");
        (fields.next().expect("the data has origins").to_owned(), miles)
    };
    DATA.lines().skip(1).map(booking).collect()
});

type Ledger = WriteBehind<String, i64, rusqlite::Error>;

/// The tables of one folder.
fn open(folder: &Path) -> rusqlite::Result<Connection> {
    let database = Connection::open(folder.join("ledger.sqlite"))?;
    database.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = NORMAL;
         CREATE TABLE IF NOT EXISTS balances (account TEXT PRIMARY KEY, miles INTEGER NOT NULL) WITHOUT ROWID",
    )?;
    Ok(database)
}

const STORE: &str = "INSERT OR REPLACE INTO balances (account, miles) VALUES (?1, ?2)";

/// Stores a batch in one transaction.
fn sink(mut database: Connection) -> impl FnMut(&[(String, i64)]) -> rusqlite::Result<()> + Send {
    move |batch: &[(String, i64)]| {
        let transaction = database.transaction()?;
        {
            let mut store = transaction.prepare_cached(STORE)?;
            for (account, miles) in batch {
                store.execute((account, miles))?;
            }
        }
        transaction.commit()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    match Args::parse().command {
        Task::Compare { flights, rounds } => compare(flights, rounds),
        Task::Survive { kills } => survive(kills),
        Task::Book { folder, first } => book(&folder, first),
    }
}

/// The balances, flight by flight, as bookings make them.
fn bookings(flights: usize) -> impl Iterator<Item = (String, i64)> {
    let mut balances: HashMap<&str, i64> = HashMap::new();
    FLIGHTS.iter().cycle().take(flights).map(move |(account, miles)| {
        let balance = balances.entry(account).or_default();
        *balance += miles;
        (account.clone(), *balance)
    })
}

fn compare(flights: usize, rounds: u32) -> Result<(), Box<dyn Error>> {
    let (mut through, mut behind) = (Vec::new(), Vec::new());
    let mut info = None;
    for _ in 0..rounds {
        let folder = tempfile::tempdir()?;
        let database = open(folder.path())?;
        let begun = Instant::now();
        for (account, miles) in bookings(flights) {
            database.prepare_cached(STORE)?.execute((account, miles))?;
        }
        through.push(begun.elapsed());

        let folder = tempfile::tempdir()?;
        let ledger: Ledger = WriteBehind::builder(sink(open(folder.path())?)).max_batch(500).build();
        let begun = Instant::now();
        for (account, miles) in bookings(flights) {
            ledger.write(account, miles)?;
        }
        ledger.flush()?;
        behind.push(begun.elapsed());
        info = Some(ledger.info());
        let expected: HashMap<String, i64> = bookings(flights).collect();
        if stored(folder.path())? != expected {
            return Err("the ledger does not say what was booked".into());
        }
    }
    let (through, behind) = (median(through), median(behind));
    let rate = |time: Duration| flights as f64 / time.as_secs_f64();
    println!("{flights} bookings, the last of them flushed; medians of {rounds} rounds");
    println!("written through  {:>10.0} a second", rate(through));
    println!(
        "written behind   {:>10.0} a second, {:.1} times as many",
        rate(behind),
        rate(behind) / rate(through)
    );
    println!("\n{}", info.expect("there was a round"));
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn stored(folder: &Path) -> rusqlite::Result<HashMap<String, i64>> {
    let database = open(folder)?;
    let mut select = database.prepare("SELECT account, miles FROM balances")?;
    select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// A write in the journal: eight bytes of miles, then the account.
fn encode(account: &String, miles: &i64) -> Vec<u8> {
    [&miles.to_le_bytes()[..], account.as_bytes()].concat()
}

fn decode(bytes: &[u8]) -> Option<(String, i64)> {
    let (miles, account) = bytes.split_at_checked(8)?;
    Some((String::from_utf8(account.to_vec()).ok()?, i64::from_le_bytes(miles.try_into().ok()?)))
}

/// What the process that books reads: behind it the database, before it what is on its way.
static READS: OnceLock<(Mutex<Connection>, Ledger)> = OnceLock::new();

#[memoize(max = 50)]
fn balance(account: &String) -> i64 {
    let (database, ledger) = READS.get().expect("they are made first");
    ledger.pending(account).unwrap_or_else(|| {
        let database = database.lock().unwrap_or_else(PoisonError::into_inner);
        let select = "SELECT miles FROM balances WHERE account = ?1";
        let stored = database.query_row(select, [account], |row| row.get(0)).optional();
        stored.expect("the database can be read").unwrap_or(0)
    })
}

/// Books flights from one on: reads a balance, adds, and writes it back, until it is killed.
fn book(folder: &Path, first: usize) -> Result<(), Box<dyn Error>> {
    let ledger = WriteBehind::builder(sink(open(folder)?))
        .interval(Duration::from_millis(2))
        .cache(balance::cache())
        .journal(folder.join("journal.redb"), encode, decode)?
        .build();
    let (_, ledger) =
        READS.get_or_init(|| (Mutex::new(open(folder).expect("it has been opened before")), ledger));
    let mut out = std::io::stdout();
    for (number, (account, miles)) in FLIGHTS.iter().enumerate().skip(first) {
        ledger.write(account.clone(), balance(account) + miles)?;
        writeln!(out, "{number}")?;
    }
    ledger.flush()?;
    Ok(())
}

fn survive(kills: u64) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (mut booked, mut unsure) = (0, 0);
    for kill in 0..kills {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("book")
            .args([folder.path().as_os_str(), booked.to_string().as_ref()])
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(child.stdout.take().expect("it was piped")).lines();
        for (seen, line) in (0..).zip(lines.map_while(Result::ok)) {
            booked = line.parse::<usize>()? + 1;
            if seen == kill * 13 % 60 {
                child.kill()?;
            }
        }
        child.wait()?;
        // The flight after the last that was told may have been booked as well: one kill, one doubt.
        let sum = replayed(folder.path())?;
        let miles: i64 = FLIGHTS[..booked].iter().map(|(_, miles)| miles).sum();
        if sum == miles + FLIGHTS[booked].1 {
            booked += 1;
            unsure += 1;
        } else if sum != miles {
            return Err(
                format!("after {booked} flights the ledger holds {sum} miles instead of {miles}").into()
            );
        }
    }
    println!("{booked} flights booked in {kills} processes, each killed while it wrote; nothing is missing");
    println!("{unsure} were booked and killed before they could say so");
    Ok(())
}

/// Opens the journal again, has all of it written, and adds all accounts up.
fn replayed(folder: &Path) -> Result<i64, Box<dyn Error>> {
    let ledger = WriteBehind::builder(sink(open(folder)?))
        .journal(folder.join("journal.redb"), encode, decode)?
        .build();
    ledger.flush()?;
    Ok(stored(folder)?.values().sum())
}
