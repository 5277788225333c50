//! What happens to cached reports when the data behind them change.

use rusqlite::{Transaction, params};

use crate::database::Db;
use crate::desk::{RouteReport, route_report};
use crate::error::DeskError;
use crate::replay::Departure;
use crate::text::Page;

/// Minutes late, and enough to be seen in any average.
const DELAY: i32 = 300;

/// Records one flight more for the route of the last departure, shows who notices and when, and takes it
/// back.
pub fn record_flight(page: &mut Page<'_>, db: &Db, departures: &[Departure]) -> Result<(), DeskError> {
    let Some(last) = departures.last() else {
        return Ok(());
    };
    let (origin, destination) = (last.origin.as_str(), last.destination.as_str());
    let report = || route_report(db, origin, destination);
    // The latest departure on another route: its report was asked for a moment ago.
    let other = departures
        .iter()
        .rev()
        .find(|d| (d.origin.as_str(), d.destination.as_str()) != (origin, destination));

    let before = report()?;
    page.item(&format!("cached    {before}"))?;
    // Rolled back at the end, or by SQLite should the program be stopped: every run finds the same data.
    let transaction = db.connection.unchecked_transaction()?;
    insert(&transaction, last)?;
    page.item(&format!("recorded  one flight more, {DELAY} minutes late"))?;

    let stale = report()?;
    page.item(&format!("still     {stale}"))?;
    expect(&stale, &before, last)?;

    let kept = route_report::cache_info().len;
    let was_there = route_report::invalidate(db, origin, destination);
    let left = route_report::cache_info().len;
    let fresh = report()?;
    page.item(&format!("now       {fresh}"))?;
    page.blank()?;
    page.item(&format!(
        "change    flights {} -> {}, mean {:+.1} -> {:+.1}, worst {:+} -> {:+}",
        before.flights,
        fresh.flights,
        before.mean_delay,
        fresh.mean_delay,
        before.worst_delay,
        fresh.worst_delay
    ))?;
    page.item(&format!(
        "dropped   invalidate() said {was_there}, and of {kept} cached routes {left} were left"
    ))?;
    if let Some(other) = other {
        let kept = route_report::peek(db, &other.origin, &other.destination).is_some();
        let verdict = if kept { "still cached" } else { "no longer cached" };
        page.item(&format!("others    {}-{} is {verdict}", other.origin, other.destination))?;
    }
    expect(&fresh, &route_report::uncached(db, origin, destination)?, last)?;

    transaction.rollback()?;
    // What was cached meanwhile is of a flight that never took place.
    route_report::invalidate(db, origin, destination);
    let restored = report()?;
    expect(&restored, &before, last)?;
    page.item("undone    rolled back and invalidated once more: the first report again")?;
    Ok(())
}

fn insert(transaction: &Transaction<'_>, like: &Departure) -> Result<(), DeskError> {
    transaction.execute(
        "INSERT INTO flights (minute, delay, miles, origin, destination)
         SELECT ?1, ?2, miles, origin, destination FROM flights
         WHERE origin = ?3 AND destination = ?4 LIMIT 1",
        params![like.minute + 60, DELAY, like.origin, like.destination],
    )?;
    Ok(())
}

fn expect(found: &RouteReport, wanted: &RouteReport, route: &Departure) -> Result<(), DeskError> {
    if found == wanted {
        return Ok(());
    }
    let request = format!("{} to {}", route.origin, route.destination);
    Err(DeskError::Different { function: "route_report", request })
}
