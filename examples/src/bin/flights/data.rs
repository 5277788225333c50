//! The embedded data; `examples/data/README.md` tells where it comes from.

use crate::error::DeskError;

const FLIGHTS: &str = include_str!("../../../data/flights.csv");
const AIRPORTS: &str = include_str!("../../../data/airports.tsv");

const MINUTES_PER_DAY: u32 = 24 * 60;
/// 2001, without a leap day.
const MONTHS: [(&str, u32); 12] = [
    ("January", 31),
    ("February", 28),
    ("March", 31),
    ("April", 30),
    ("May", 31),
    ("June", 30),
    ("July", 31),
    ("August", 31),
    ("September", 30),
    ("October", 31),
    ("November", 30),
    ("December", 31),
];

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    /// Local time of departure, in minutes since the year began.
    pub minute: u32,
    /// Minutes late on arrival; below zero is early.
    pub delay: i32,
    pub miles: u32,
    pub origin: &'static str,
    pub destination: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AirportRow {
    pub code: &'static str,
    pub name: &'static str,
    pub city: &'static str,
    pub state: &'static str,
    pub lat: f64,
    pub lon: f64,
}

/// All flights, in the order of their departures.
pub fn flights() -> Result<Vec<Flight>, DeskError> {
    let mut minute = 0;
    let mut flights = Vec::with_capacity(FLIGHTS.len() / 16);
    for (line, text) in rows(FLIGHTS) {
        let bad = |why| DeskError::Data { file: "flights.csv", line, why };
        let [gap, delay, miles, origin, destination] = fields(text, ',').ok_or(bad("not five fields"))?;
        minute += gap.parse::<u32>().map_err(|_| bad("the gap is not a number"))?;
        flights.push(Flight {
            minute,
            delay: delay.parse().map_err(|_| bad("the delay is not a number"))?,
            miles: miles.parse().map_err(|_| bad("the distance is not a number"))?,
            origin,
            destination,
        });
    }
    Ok(flights)
}

pub fn airports() -> Result<Vec<AirportRow>, DeskError> {
    let mut airports = Vec::with_capacity(AIRPORTS.len() / 48);
    for (line, text) in rows(AIRPORTS) {
        let bad = |why| DeskError::Data { file: "airports.tsv", line, why };
        let [code, name, city, state, lat, lon] = fields(text, '\t').ok_or(bad("not six fields"))?;
        airports.push(AirportRow {
            code,
            name,
            city,
            state,
            lat: lat.parse().map_err(|_| bad("the latitude is not a number"))?,
            lon: lon.parse().map_err(|_| bad("the longitude is not a number"))?,
        });
    }
    Ok(airports)
}

/// The lines below the heading, numbered as an editor would.
fn rows(text: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    text.lines().enumerate().skip(1).map(|(at, line)| (at + 1, line))
}

fn fields<const N: usize>(line: &'static str, separator: char) -> Option<[&'static str; N]> {
    let fields: Vec<_> = line.split(separator).collect();
    fields.try_into().ok()
}

pub fn month_name(month: u8) -> &'static str {
    usize::from(month).checked_sub(1).and_then(|at| MONTHS.get(at)).map_or("unknown month", |month| month.0)
}

/// First minute of a month (1 to 12) and of the one after it.
pub fn month_minutes(month: u8) -> (u32, u32) {
    let days_until = |months: u8| MONTHS.iter().take(months.into()).map(|month| month.1).sum::<u32>();
    let before = days_until(month.saturating_sub(1));
    (before * MINUTES_PER_DAY, days_until(month) * MINUTES_PER_DAY)
}

/// `2001-01-01 00:47`
pub fn date(minute: u32) -> String {
    let mut day = minute / MINUTES_PER_DAY;
    let mut month = 1;
    for (_, days) in MONTHS {
        if day < days {
            break;
        }
        day -= days;
        month += 1;
    }
    let (hour, minute) = (minute % MINUTES_PER_DAY / 60, minute % 60);
    format!("2001-{month:02}-{:02} {hour:02}:{minute:02}", day + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_flights_are_all_there() {
        let flights = flights().expect("the embedded flights read");
        assert_eq!(flights.len(), 20_000);
        let first = Flight { minute: 47, delay: 66, miles: 1750, origin: "DTW", destination: "LAS" };
        let last = Flight { minute: 129_507, delay: -9, miles: 83, origin: "CLT", destination: "GSO" };
        assert_eq!((flights.first(), flights.last()), (Some(&first), Some(&last)));
        assert_eq!(date(first.minute), "2001-01-01 00:47");
        assert_eq!(date(last.minute), "2001-03-31 22:27");
        assert!(flights.is_sorted_by_key(|flight| flight.minute));
    }

    #[test]
    fn the_airports_are_all_there() {
        let airports = airports().expect("the embedded airports read");
        assert_eq!(airports.len(), 3_376);
        let ends = (airports.first().map(|a| a.name), airports.last().map(|a| a.name));
        assert_eq!(ends, (Some("Thigpen"), Some("Zanesville Municipal")));
        assert!(airports.iter().all(|a| a.lat.abs() <= 90.0 && a.lon.abs() <= 180.0));
    }

    #[test]
    fn every_flight_has_its_airports() {
        let codes: HashSet<_> =
            airports().expect("the embedded airports read").iter().map(|a| a.code).collect();
        let flights = flights().expect("the embedded flights read");
        assert!(flights.iter().all(|f| codes.contains(f.origin) && codes.contains(f.destination)));
    }

    #[test]
    fn the_flights_cover_three_months() {
        let flights = flights().expect("the embedded flights read");
        let in_month = |month| {
            let (start, end) = month_minutes(month);
            flights.iter().filter(|flight| (start..end).contains(&flight.minute)).count()
        };
        assert_eq!([1, 2, 3, 4].map(in_month), [6_937, 5_964, 7_099, 0]);
        assert_eq!(
            (month_name(2), month_name(0), month_name(13)),
            ("February", "unknown month", "unknown month")
        );
    }
}
