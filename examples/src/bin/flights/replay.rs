//! The same requests twice: first past the cache, then through it.

use std::collections::{HashMap, HashSet};
use std::fmt::Debug;
use std::time::{Duration, Instant};

use crate::data::date;
use crate::database::Db;
use crate::desk::{airport, distance, route_report};
use crate::error::DeskError;
use crate::progress;
use crate::text::{Page, count, duration};

/// Requests between two steps of the progress bar, whose own cost would drown the cheap functions.
const BATCH: usize = 250;

pub struct Departure {
    pub minute: u32,
    pub origin: String,
    pub destination: String,
}

/// The first departures of the season, in the order in which they took place.
pub fn departures(db: &Db, limit: usize) -> Result<Vec<Departure>, DeskError> {
    let query = "SELECT minute, origin, destination FROM flights ORDER BY minute, id LIMIT ?1";
    let mut statement = db.connection.prepare(query)?;
    let rows = statement.query_map([limit], |row| {
        Ok(Departure { minute: row.get(0)?, origin: row.get(1)?, destination: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn describe(page: &mut Page<'_>, db: &Db, departures: &[Departure]) -> Result<(), DeskError> {
    let (Some(first), Some(last)) = (departures.first(), departures.last()) else {
        return Ok(());
    };
    let routes: HashSet<_> = departures.iter().map(|d| (&d.origin, &d.destination)).collect();
    let airports: HashSet<_> = departures.iter().flat_map(|d| [&d.origin, &d.destination]).collect();
    page.item(&format!("departures   {}", count(departures.len())))?;
    page.item(&format!("between      {} and {}", date(first.minute), date(last.minute)))?;
    page.item(&format!("routes       {}", count(routes.len())))?;
    page.item(&format!("airports     {}", count(airports.len())))?;
    page.blank()?;

    let report = route_report::uncached(db, &last.origin, &last.destination)?;
    let (from, to) = (airport::uncached(db, &last.origin)?, airport::uncached(db, &last.destination)?);
    let miles = distance::uncached(from.lat, from.lon, to.lat, to.lon);
    page.text(&format!(
        "The last one goes {miles:.0} miles, from {from} to {to}. Its report, in minutes late:"
    ))?;
    page.item(&report.to_string())?;
    let hour = report.busiest_hour;
    page.item(&format!("busiest from {hour:02}:00 to {hour:02}:59, most punctual on {}", report.best_day()))?;
    Ok(())
}

/// How long the same calls took without and with the cache.
struct Timing {
    function: &'static str,
    calls: usize,
    without: Duration,
    with: Duration,
}

impl Timing {
    /// Below zero where the cache cost more than it saved.
    fn gain(&self) -> f64 {
        self.without.as_secs_f64() - self.with.as_secs_f64()
    }

    fn ratio(&self) -> f64 {
        self.without.as_secs_f64() / self.with.as_secs_f64().max(1e-9)
    }

    fn show(&self, page: &mut Page<'_>, info: &impl ToString) -> Result<(), DeskError> {
        page.item(&format!(
            "{:<14}{:>8}{:>13}{:>13}{:>9.2}x   identical",
            self.function,
            count(self.calls),
            duration(self.without),
            duration(self.with),
            self.ratio()
        ))?;
        page.item(&format!("  {}", info.to_string()))?;
        Ok(())
    }
}

/// Replays the departures for each function in turn, and shows what the cache made of it. Returns the seconds
/// gained in all.
pub fn compare_all(page: &mut Page<'_>, db: &Db, departures: &[Departure]) -> Result<f64, DeskError> {
    page.item("function         calls      without         with     ratio  answers")?;

    let reports = compare(
        "route_report",
        departures,
        |d| format!("{} to {}", d.origin, d.destination),
        |d| route_report::uncached(db, &d.origin, &d.destination),
        |d| route_report(db, &d.origin, &d.destination),
    )?;
    reports.show(page, &route_report::cache_info())?;

    let codes: Vec<&str> =
        departures.iter().flat_map(|d| [d.origin.as_str(), d.destination.as_str()]).collect();
    let airports = compare(
        "airport",
        &codes,
        |code| (*code).to_owned(),
        |code| airport::uncached(db, code),
        |code| airport(db, code),
    )?;
    airports.show(page, &airport::cache_info())?;

    let distances = compare(
        "distance",
        &legs(db, departures)?,
        |leg| format!("{leg:?}"),
        |&[lat1, lon1, lat2, lon2]| Ok(distance::uncached(lat1, lon1, lat2, lon2)),
        |&[lat1, lon1, lat2, lon2]| Ok(distance(lat1, lon1, lat2, lon2)),
    )?;
    distances.show(page, &distance::cache_info())?;
    page.blank()?;
    lesson(page, &distances)?;
    Ok([reports, airports, distances].iter().map(Timing::gain).sum())
}

/// Where each departure begins and ends, as arguments of [`distance`].
fn legs(db: &Db, departures: &[Departure]) -> Result<Vec<[f64; 4]>, DeskError> {
    let mut places: HashMap<&str, (f64, f64)> = HashMap::new();
    for code in departures.iter().flat_map(|d| [&d.origin, &d.destination]) {
        if !places.contains_key(code.as_str()) {
            let found = airport::uncached(db, code)?;
            places.insert(code, (found.lat, found.lon));
        }
    }
    let leg = |d: &Departure| {
        let (from, to) = (places.get(d.origin.as_str())?, places.get(d.destination.as_str())?);
        Some([from.0, from.1, to.0, to.1])
    };
    Ok(departures.iter().filter_map(leg).collect())
}

fn lesson(page: &mut Page<'_>, cheap: &Timing) -> Result<(), DeskError> {
    let per_call = duration(cheap.without / u32::try_from(cheap.calls.max(1)).unwrap_or(u32::MAX));
    let verdict = if cheap.ratio() < 1.0 {
        "finding the answer again takes longer than working it out. Its cache costs time and memory: take \
         the attribute off such a function"
    } else {
        "there is next to nothing to save, whatever the ratio says. Such a function can do without the \
         attribute"
    };
    page.text(&format!(
        "What distance teaches: the function itself needs {per_call} a call, and {verdict}."
    ))?;
    Ok(())
}

fn compare<Q, R: PartialEq + Debug>(
    function: &'static str,
    requests: &[Q],
    describe: impl Fn(&Q) -> String,
    uncached: impl Fn(&Q) -> Result<R, DeskError>,
    cached: impl Fn(&Q) -> Result<R, DeskError>,
) -> Result<Timing, DeskError> {
    let (expected, without) = run(&format!("{function}, no cache"), requests, uncached)?;
    let (answers, with) = run(&format!("{function}, cached"), requests, cached)?;
    for ((request, expected), answer) in requests.iter().zip(&expected).zip(&answers) {
        if expected != answer {
            return Err(DeskError::Different { function, request: describe(request) });
        }
    }
    Ok(Timing { function, calls: requests.len(), without, with })
}

/// All answers, and the time they took without that of the progress bar.
fn run<Q, R>(
    label: &str,
    requests: &[Q],
    answer: impl Fn(&Q) -> Result<R, DeskError>,
) -> Result<(Vec<R>, Duration), DeskError> {
    let bar = progress::bar(label, requests.len());
    let mut answers = Vec::with_capacity(requests.len());
    let mut taken = Duration::ZERO;
    for batch in requests.chunks(BATCH) {
        let start = Instant::now();
        for request in batch {
            answers.push(answer(request)?);
        }
        taken += start.elapsed();
        bar.inc(batch.len() as u64);
    }
    bar.finish_and_clear();
    Ok((answers, taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_answer_is_found_out() {
        let requests: Vec<usize> = (0..600).collect();
        let honest = |&request: &usize| Ok(request * 2);
        let forgetful = |&request: &usize| Ok(if request == 599 { 0 } else { request * 2 });
        let timing = compare("f", &requests, usize::to_string, honest, honest).expect("equal answers");
        assert_eq!(timing.calls, 600);
        let error = compare("f", &requests, usize::to_string, honest, forgetful).err();
        assert_eq!(error, Some(DeskError::Different { function: "f", request: "599".to_owned() }));
    }
}
