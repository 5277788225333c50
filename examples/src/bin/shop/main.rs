//! A shop's service, told step by step: what each pattern of caching costs, and what it does to freshness.

mod steps;
#[path = "../flights/text.rs"]
#[cfg_attr(not(test), expect(dead_code, reason = "another program needs the rest"))]
mod text;

use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use cached_core::registry;
use clap::Parser;
use examples::shop::Db;

use crate::text::{Page, count};

/// A shop over SQLite with five patterns of caching: cache-aside, write-around,
/// write-through, views that are forgotten by tag, and what a request keeps.
#[derive(Parser)]
#[command(name = "shop", verbatim_doc_comment)]
struct Arguments {
    /// How many product pages are looked at
    #[arg(long, value_name = "N", default_value_t = 50_000)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    visits: u32,
}

const PRODUCTS: u32 = 5_000;
const USERS: u32 = 500;
const ORDERS: u32 = 20_000;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments, &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "shop: {error}");
            ExitCode::FAILURE
        }
    }
}

fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let db = Db::create(Some(&folder.path().join("shop.sqlite")))?;
    db.stock(PRODUCTS, USERS, ORDERS)?;
    let mut page = Page::new(out);
    page.section(
        "The shop",
        "A database of its own, made anew for each run. The service in front of it is examples/src/shop.rs: \
         six functions that read, each with #[memoize], and three that write.",
    )?;
    for (what, number) in [("products", PRODUCTS), ("users", USERS), ("orders", ORDERS)] {
        page.item(&format!("{what:<10}{:>8}", count(number as usize)))?;
    }
    steps::opening(&mut page, &db)?;
    steps::products(&mut page, &db, arguments.visits)?;
    steps::prices(&mut page, &db)?;
    steps::users(&mut page, &db)?;
    steps::orders(&mut page, &db)?;
    steps::receipt(&mut page, &db)?;
    steps::patterns(&mut page)?;
    page.section(
        "The caches",
        "What cached_core::registry::report() says of this process, as wide as the terminal.",
    )?;
    page.fitted(&registry::report().to_string())?;
    Ok(())
}
