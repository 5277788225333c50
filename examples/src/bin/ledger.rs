//! Write-behind on a ledger: every flight books its miles on the account of the airport it leaves from.
//!
//! `ledger compare` writes each balance through to SQLite, and behind with and without a journal, in one run. `ledger survive` kills itself while it
//! writes, again and again, and shows that nothing which was accepted is missing when the journal has been replayed.

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use cached_core::write_behind::{Builder, JournalError, WriteBehindInfo};
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
    /// How many writes a second: through, and behind with and without a journal.
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

/// What a writer behind tells of itself.
type Written = Result<Option<WriteBehindInfo>, Box<dyn Error>>;

/// A way of writing bookings, in the folder that it is given.
struct Way {
    name: &'static str,
    /// Of how many bookings it is tried with one: those that wait for the disk are slow.
    share: usize,
    run: fn(&Path, usize) -> Written,
}

/// Writers at a time where there are many.
const THREADS: usize = 16;

const WAYS: [Way; 5] = [
    Way { name: "through", share: 1, run: |folder, flights| through(folder, flights, "NORMAL") },
    Way { name: "through, each on disk", share: 50, run: |folder, flights| through(folder, flights, "FULL") },
    Way { name: "behind", share: 1, run: |folder, flights| behind(ledger(folder)?.build(), flights, 1) },
    Way {
        name: "behind, with a journal",
        share: 50,
        run: |folder, flights| behind(journaled(ledger(folder)?, folder)?.build(), flights, 1),
    },
    Way {
        name: "the same from 16 threads",
        share: 5,
        run: |folder, flights| behind(journaled(ledger(folder)?, folder)?.build(), flights, THREADS),
    },
];

/// Each booking is a statement of its own; whether SQLite waits for the disk with each is for `synchronous` to say.
fn through(folder: &Path, flights: usize, synchronous: &str) -> Written {
    let database = open(folder)?;
    database.pragma_update(None, "synchronous", synchronous)?;
    for (account, miles) in bookings(flights) {
        database.prepare_cached(STORE)?.execute((account, miles))?;
    }
    Ok(None)
}

fn ledger(folder: &Path) -> rusqlite::Result<Builder<String, i64, rusqlite::Error>> {
    Ok(WriteBehind::builder(sink(open(folder)?)).max_batch(500))
}

fn journaled(
    builder: Builder<String, i64, rusqlite::Error>,
    folder: &Path,
) -> Result<Builder<String, i64, rusqlite::Error>, JournalError> {
    builder.journal(folder.join("journal.redb"), encode, decode)
}

/// Each account is booked by one thread, so that its balances come in their order.
fn behind(ledger: Ledger, flights: usize, threads: usize) -> Written {
    let teller = |account: &str| account.bytes().map(usize::from).sum::<usize>() % threads;
    std::thread::scope(|scope| {
        let book = |thread| {
            bookings(flights)
                .filter(|(account, _)| teller(account) == thread)
                .try_for_each(|(account, miles)| ledger.write(account, miles))
        };
        let tellers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || book(thread))).collect();
        tellers.into_iter().try_for_each(|teller| teller.join().expect("booking does not panic"))
    })?;
    ledger.flush()?;
    Ok(Some(ledger.info()))
}

/// Takes all ways in turn, round by round, so that whatever disturbs the machine disturbs them all.
fn compare(flights: usize, rounds: u32) -> Result<(), Box<dyn Error>> {
    let mut times = WAYS.map(|_| Vec::new());
    let mut infos = WAYS.map(|_| None);
    for _ in 0..rounds {
        for ((way, times), info) in WAYS.iter().zip(&mut times).zip(&mut infos) {
            let (folder, flights) = (tempfile::tempdir()?, flights.div_ceil(way.share));
            let begun = Instant::now();
            *info = (way.run)(folder.path(), flights)?;
            times.push(begun.elapsed());
            if stored(folder.path())? != bookings(flights).collect() {
                return Err(format!("{}: the ledger does not say what was booked", way.name).into());
            }
        }
    }
    println!("{flights} bookings, all of them in the database at the end; medians of {rounds} rounds");
    println!("(a part of them where writers wait for the disk)\n");
    println!(
        "{:26}{:>10}{:>14}{:>14}{:>10}",
        "written", "a second", "x first row", "x second row", "batches"
    );
    let rates: Vec<f64> = WAYS
        .iter()
        .zip(times)
        .map(|(way, times)| flights.div_ceil(way.share) as f64 / median(times).as_secs_f64())
        .collect();
    for ((way, rate), info) in WAYS.iter().zip(&rates).zip(&infos) {
        let batches = info.as_ref().map_or(String::new(), |info| info.batches.to_string());
        let (first, second) = (times_as(rate / rates[0]), times_as(rate / rates[1]));
        let line = format!("{:26}{rate:>10.0}{first:>14}{second:>14}{batches:>10}", way.name);
        println!("{}", line.trim_end());
    }
    println!("\nWhen the power fails, the first and the third lose their last writes; when the process is");
    println!("killed, the third does. The others lose none.");
    Ok(())
}

fn times_as(ratio: f64) -> String {
    if ratio < 0.95 { format!("{ratio:.2} x") } else { format!("{ratio:.1} x") }
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
    let ledger = journaled(ledger(folder)?, folder)?.build();
    ledger.flush()?;
    Ok(stored(folder)?.values().sum())
}
