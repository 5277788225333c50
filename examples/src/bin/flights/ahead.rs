//! What will be asked for, loaded before anybody asks.

use std::collections::BTreeSet;
use std::time::Instant;

use cached_core::{Warm, Warmed};

use crate::database::Db;
use crate::desk::{airport, season_report};
use crate::error::DeskError;
use crate::progress;
use crate::replay::Departure;
use crate::text::{Page, duration};

/// Empties two caches, as after a start, and fills them.
pub fn warm(page: &mut Page<'_>, db: &Db, departures: &[Departure]) -> Result<(), DeskError> {
    let codes: BTreeSet<String> =
        departures.iter().flat_map(|it| [it.origin.clone(), it.destination.clone()]).collect();
    airport::clear();
    let bar = progress::bar("loading the airports", codes.len());
    let begun = Instant::now();
    // On this thread: a database connection is of one thread.
    let how = Warm::new().progress(|done, _| bar.set_position(done as u64));
    let warmed = airport::warm_with(db, codes.iter().cloned(), how);
    bar.finish_and_clear();
    show(page, "airports", &warmed, begun)?;

    season_report::clear();
    let begun = Instant::now();
    let warmed = season_report::warm_with(1..=3, Warm::new().at_once(2));
    show(page, "months", &warmed, begun)?;

    page.blank()?;
    for code in codes.iter().take(1) {
        let begun = Instant::now();
        let found = airport(db, code)?;
        page.item(&format!("first call for {code}: {found}, {}", duration(begun.elapsed())))?;
    }
    Ok(())
}

fn show(page: &mut Page<'_>, what: &str, warmed: &Warmed, begun: Instant) -> Result<(), DeskError> {
    let failed = warmed.failed + warmed.panicked;
    let taken = duration(begun.elapsed());
    page.item(&format!("{what:<10} {:>4} loaded, {failed} failed {taken:>12}", warmed.loaded))?;
    Ok(())
}
