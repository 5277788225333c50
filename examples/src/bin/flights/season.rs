//! Work that is promised, and done only if somebody insists.

use std::time::Instant;

use crate::data::month_name;
use crate::desk::season_report;
use crate::error::DeskError;
use crate::text::{Page, duration};

/// The data cover January to March.
const MONTHS: [u8; 3] = [1, 2, 3];
const WANTED: u8 = 2;

/// Asks for every month, and has one of them worked out.
pub fn promise(page: &mut Page<'_>) -> Result<(), DeskError> {
    let handles = MONTHS.map(season_report);
    for handle in &handles {
        page.item(&format!("{handle:?}"))?;
    }
    page.blank()?;

    for time in ["first", "second"] {
        // A new handle each time: equal arguments share the work, not the handle.
        let handle = season_report(WANTED);
        let start = Instant::now();
        let report = handle.force()?;
        let taken = duration(start.elapsed());
        if time == "first" {
            page.item(&report.to_string())?;
            page.blank()?;
        }
        page.item(&format!("force {:<10} {time:<7} {taken:>12}", month_name(WANTED)))?;
    }
    page.blank()?;

    for (month, handle) in MONTHS.into_iter().zip(&handles) {
        let state = if handle.is_ready() { "ready" } else { "never ran" };
        page.item(&format!("{:<16} {state}", month_name(month)))?;
    }
    page.item(&format!("the cache        {}", season_report::cache_info()))?;
    Ok(())
}
