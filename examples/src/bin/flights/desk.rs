//! What the desk can be asked. Every function here is memoized.

use std::fmt;
use std::path::PathBuf;
use std::sync::OnceLock;

use cached_core::memoize;
use rusqlite::OptionalExtension;
use rusqlite::types::FromSql;

use crate::data::{month_minutes, month_name};
use crate::database::Db;
use crate::error::DeskError;
use crate::text::count;

/// The Bureau counts a flight as late from this many minutes on.
pub const LATE: i32 = 15;
/// A route needs this many flights in a month before its average means anything.
const ENOUGH: u32 = 5;
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

#[derive(Clone, Debug, PartialEq)]
pub struct RouteReport {
    pub origin: String,
    pub destination: String,
    pub flights: u32,
    pub mean_delay: f64,
    /// Of an even number of flights, the later of the two in the middle.
    pub median_delay: i32,
    pub worst_delay: i32,
    /// Between 0 and 1.
    pub late_share: f64,
    pub busiest_hour: u8,
    /// Since the first of January 2001 was a Monday, 0 is one.
    pub best_weekday: u8,
}

impl RouteReport {
    pub fn best_day(&self) -> &'static str {
        WEEKDAYS.get(usize::from(self.best_weekday)).copied().unwrap_or("no day")
    }
}

impl fmt::Display for RouteReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}-{}: {} flight{}, mean {:+.1}, median {:+}, worst {:+}, {:.0}% late",
            self.origin,
            self.destination,
            self.flights,
            if self.flights == 1 { "" } else { "s" },
            self.mean_delay,
            self.median_delay,
            self.worst_delay,
            self.late_share * 100.0
        )
    }
}

/// How punctual a route is. The connection says where to look, not what for: it is no part of the key.
#[memoize(name = "route_report", max = 2_000, policy = lru, ttl = 5m, skip(db))]
pub fn route_report(db: &Db, origin: &str, destination: &str) -> Result<RouteReport, DeskError> {
    const OF_ROUTE: &str = "FROM flights WHERE origin = ?1 AND destination = ?2";
    let route = (origin, destination);
    let query = format!("SELECT count(*), avg(delay), max(delay), avg(delay >= {LATE}) {OF_ROUTE}");
    let (flights, mean, worst, late): (u32, Option<f64>, Option<i32>, Option<f64>) =
        db.connection.prepare_cached(&query)?.query_row(route, |row| row.try_into())?;
    let (Some(mean_delay), Some(worst_delay), Some(late_share)) = (mean, worst, late) else {
        return Err(DeskError::NoFlights { origin: origin.to_owned(), destination: destination.to_owned() });
    };
    let middle = flights / 2;
    Ok(RouteReport {
        origin: origin.to_owned(),
        destination: destination.to_owned(),
        flights,
        mean_delay,
        median_delay: one(
            db,
            &format!("SELECT delay {OF_ROUTE} ORDER BY delay LIMIT 1 OFFSET {middle}"),
            route,
        )?,
        worst_delay,
        late_share,
        busiest_hour: one(
            db,
            &format!("SELECT minute % 1440 / 60 {OF_ROUTE} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"),
            route,
        )?,
        best_weekday: one(
            db,
            &format!("SELECT minute / 1440 % 7 {OF_ROUTE} GROUP BY 1 ORDER BY avg(delay), 1 LIMIT 1"),
            route,
        )?,
    })
}

fn one<T: FromSql>(db: &Db, query: &str, route: (&str, &str)) -> Result<T, DeskError> {
    Ok(db.connection.prepare_cached(query)?.query_row(route, |row| row.get(0))?)
}

#[derive(Clone, Debug, PartialEq)]
pub struct Airport {
    pub code: String,
    pub name: String,
    pub city: String,
    pub state: String,
    pub lat: f64,
    pub lon: f64,
}

impl fmt::Display for Airport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of a few airports the list does not say where they are.
        let place = if self.city.is_empty() { &self.name } else { &self.city };
        write!(f, "{place} ({})", self.code)
    }
}

/// An airport by its code. There are few of them and they do not move: no limit, no time to live.
#[memoize(name = "airport", skip(db))]
pub fn airport(db: &Db, code: &str) -> Result<Airport, DeskError> {
    db.connection
        .prepare_cached("SELECT code, name, city, state, lat, lon FROM airports WHERE code = ?1")?
        .query_row([code], |row| {
            Ok(Airport {
                code: row.get(0)?,
                name: row.get(1)?,
                city: row.get(2)?,
                state: row.get(3)?,
                lat: row.get(4)?,
                lon: row.get(5)?,
            })
        })
        .optional()?
        .ok_or_else(|| DeskError::UnknownAirport(code.to_owned()))
}

/// Great-circle distance in miles, by the haversine formula. Memoized to find out whether that pays.
#[memoize(name = "distance", max = 5_000)]
pub fn distance(lat1: f64, lon1: f64, lat2: f64, lon2: f64) -> f64 {
    const EARTH_RADIUS: f64 = 3_958.8;
    let half_sine = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin();
    let across = lat1.to_radians().cos() * lat2.to_radians().cos();
    let h = half_sine(lat1, lat2).powi(2) + across * half_sine(lon1, lon2).powi(2);
    2.0 * EARTH_RADIUS * h.sqrt().clamp(0.0, 1.0).asin()
}

#[derive(Clone, Debug, PartialEq)]
pub struct SeasonReport {
    pub month: u8,
    pub flights: usize,
    pub mean_delay: f64,
    pub late_share: f64,
    pub busiest: String,
    pub worst_route: String,
}

impl fmt::Display for SeasonReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} flights, mean {:+.1} min, {:.0}% late, busiest {}, worst {}",
            month_name(self.month),
            count(self.flights),
            self.mean_delay,
            self.late_share * 100.0,
            self.busiest,
            self.worst_route
        )
    }
}

static DATABASE: OnceLock<PathBuf> = OnceLock::new();

/// Where [`season_report`] finds the database; only the first call counts.
pub fn set_database(path: PathBuf) {
    DATABASE.get_or_init(|| path);
}

/// One month of the season, worked out only if somebody asks for the outcome. Since that may be later, and on
/// another thread, it cannot borrow the desk's connection and opens one of its own.
#[memoize(name = "season_report", lazy)]
pub fn season_report(month: u8) -> Result<SeasonReport, DeskError> {
    let path = DATABASE.get().ok_or_else(|| DeskError::Database("no database was chosen".to_owned()))?;
    let db = Db::connect(path)?;
    let (start, end) = month_minutes(month);
    let months_flights = "FROM flights WHERE minute >= ?1 AND minute < ?2";
    let (flights, mean, late): (usize, Option<f64>, Option<f64>) = db.connection.query_row(
        &format!("SELECT count(*), avg(delay), avg(delay >= {LATE}) {months_flights}"),
        (start, end),
        |row| row.try_into(),
    )?;
    let (Some(mean_delay), Some(late_share)) = (mean, late) else {
        return Err(DeskError::EmptyMonth(month_name(month)));
    };
    let text = |query: String| db.connection.query_row(&query, (start, end), |row| row.get(0)).optional();
    let busiest = text(format!(
        "SELECT origin {months_flights} GROUP BY origin ORDER BY count(*) DESC, origin LIMIT 1"
    ))?;
    let worst_route = text(format!(
        "SELECT origin || '-' || destination {months_flights} GROUP BY origin, destination
         HAVING count(*) >= {ENOUGH} ORDER BY avg(delay) DESC, 1 LIMIT 1"
    ))?;
    let or_none = |found: Option<String>| found.unwrap_or_else(|| "none".to_owned());
    Ok(SeasonReport {
        month,
        flights,
        mean_delay,
        late_share,
        busiest: or_none(busiest),
        worst_route: or_none(worst_route),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::open_or_build;

    #[test]
    fn distances_are_those_of_the_map() {
        // Detroit to Las Vegas: the flight data say 1,750 miles.
        let miles = distance::uncached(42.21206, -83.34884, 36.08036, -115.15233);
        assert!((miles - 1_750.0).abs() < 5.0, "{miles}");
        assert!(distance::uncached(10.0, 20.0, 10.0, 20.0).abs() < 1e-9);
        let half_way_round = distance::uncached(0.0, 0.0, 0.0, 180.0);
        assert!((half_way_round - std::f64::consts::PI * 3_958.8).abs() < 1e-6, "{half_way_round}");
    }

    #[test]
    fn reports_come_from_the_data() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("flights.sqlite");
        let (db, ..) = open_or_build(&path).expect("a new database");

        let report = route_report::uncached(&db, "LAX", "PHX").expect("the route is flown");
        assert_eq!((report.flights, report.origin.as_str()), (59, "LAX"));
        assert!(report.median_delay <= report.worst_delay && report.busiest_hour < 24);
        assert!(report.to_string().len() < 64, "{report}");
        let nowhere = route_report::uncached(&db, "LAX", "LAX");
        assert!(matches!(nowhere, Err(DeskError::NoFlights { .. })), "{nowhere:?}");

        let detroit = airport::uncached(&db, "DTW").expect("the airport is listed");
        assert_eq!((detroit.city.as_str(), detroit.state.as_str()), ("Detroit", "MI"));
        assert_eq!(airport::uncached(&db, "?"), Err(DeskError::UnknownAirport("?".to_owned())));

        set_database(path);
        let february = season_report::uncached(2).expect("February is in the data");
        assert_eq!((february.month, february.flights), (2, 5_964));
        assert_eq!(season_report::uncached(4), Err(DeskError::EmptyMonth("April")));
    }
}
