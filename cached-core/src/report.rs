//! The table of all caches, as people read it.

use std::fmt;
use std::time::Duration;

use crate::info::CacheInfo;

/// Where nothing says how wide the terminal is.
const WIDTH: usize = 80;
/// Narrower than this a table cannot be.
const NARROWEST: usize = 40;
/// A name needs so much room before there are more columns than those that always are.
const NAME: usize = 32;

/// What [`report`](crate::registry::report) found. Prints as a table with as many columns as the terminal has, which the variable
/// `COLUMNS` says, with the feature `terminal` the terminal itself, and else are 80; or with as many as the format asks for:
/// `{:120}`. Names that do not fit lose their beginning; where there is room, rarer counts get columns.
///
/// Below the table is the [advice](CacheInfo::advice) on caches that are useless or too small.
#[derive(Clone, Debug)]
pub struct Report {
    infos: Vec<CacheInfo>,
}

impl Report {
    pub(crate) fn new(mut infos: Vec<CacheInfo>) -> Self {
        // Stable: those that saved the same stay in the order of their names.
        infos.sort_by_key(|info| std::cmp::Reverse(info.time_saved()));
        Self { infos }
    }

    /// The rows, the largest time saved first.
    pub fn infos(&self) -> &[CacheInfo] {
        &self.infos
    }
}

/// A column: its title, and what stands in it.
struct Column {
    title: &'static str,
    cell: fn(&CacheInfo) -> String,
    /// Whether it is there only if there is room, and something else than zeros in it.
    rare: bool,
}

const fn always(title: &'static str, cell: fn(&CacheInfo) -> String) -> Column {
    Column { title, cell, rare: false }
}

const fn rare(title: &'static str, cell: fn(&CacheInfo) -> String) -> Column {
    Column { title, cell, rare: true }
}

const COLUMNS: [Column; 11] = [
    always("hits", |info| count(info.hits)),
    // A caller that waited for another's load missed too, as far as a report goes.
    always("misses", |info| count(info.misses + info.coalesced)),
    always("ratio", |info| format!("{:.1}%", info.hit_ratio() * 100.0)),
    always("len", |info| count(info.len as u64)),
    always("max", |info| info.max.map_or_else(|| "-".to_owned(), |max| count(max as u64))),
    rare("evicted", |info| count(info.evictions)),
    rare("expired", |info| count(info.expirations)),
    rare("invalid", |info| count(info.invalidations)),
    rare("failed", |info| count(info.load_failures)),
    always("load", |info| short(info.mean_load_time())),
    always("saved", |info| short(info.time_saved())),
];

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.infos.is_empty() {
            return f.write_str("no memoized function was used\n");
        }
        let width = f.width().unwrap_or_else(columns).max(NARROWEST);
        let longest = self.infos.iter().map(|info| info.name.chars().count()).max().unwrap_or(0).max(5);
        let columns = self.columns(width.saturating_sub(longest.min(NAME)));
        let others: usize = columns.iter().map(|column| column.width + 2).sum();
        let name = longest.min(width.saturating_sub(others).max(12));
        line(f, ("cache", name), columns.iter().map(|column| (column.title, column.width)))?;
        for (row, info) in self.infos.iter().enumerate() {
            let cells = columns.iter().map(|column| (&*column.cells[row], column.width));
            line(f, (&tail(&info.name, name), name), cells)?;
        }
        let saved =
            self.infos.iter().map(CacheInfo::time_saved).fold(Duration::ZERO, Duration::saturating_add);
        writeln!(f, "time saved in all: {}", short(saved))?;
        self.write_advice(f, width)
    }
}

/// A column with its cells.
struct Filled {
    title: &'static str,
    cells: Vec<String>,
    width: usize,
}

impl Report {
    /// The columns that there is room for.
    fn columns(&self, room: usize) -> Vec<Filled> {
        let fill = |column: &Column| {
            let cells: Vec<String> = self.infos.iter().map(column.cell).collect();
            let widest = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
            Filled { title: column.title, width: widest.max(column.title.len()), cells }
        };
        let filled: Vec<Filled> = COLUMNS.iter().map(fill).collect();
        let needed = |is_rare: bool| {
            let of_kind = filled.iter().zip(&COLUMNS).filter(move |(_, column)| column.rare == is_rare);
            of_kind.map(|(filled, _)| filled.width + 2)
        };
        let mut left = room.saturating_sub(needed(false).sum());
        let fits = |(filled, column): (Filled, &Column)| {
            let is_nothing = column.rare && filled.cells.iter().all(|cell| cell == "0");
            let is_too_wide = column.rare && filled.width + 2 > left;
            if is_nothing || is_too_wide {
                return None;
            }
            if column.rare {
                left -= filled.width + 2;
            }
            Some(filled)
        };
        filled.into_iter().zip(&COLUMNS).filter_map(fits).collect()
    }

    fn write_advice(&self, f: &mut fmt::Formatter<'_>, width: usize) -> fmt::Result {
        for info in &self.infos {
            let Some(advice) = info.advice() else { continue };
            for line in wrapped(&format!("`{}`: {advice}", info.name), width, "    ") {
                writeln!(f, "{line}")?;
            }
        }
        Ok(())
    }
}

/// How many columns the terminal has.
fn columns() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    said.or_else(terminal).unwrap_or(WIDTH)
}

#[cfg(feature = "terminal")]
fn terminal() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

#[cfg(not(feature = "terminal"))]
fn terminal() -> Option<usize> {
    None
}

fn line<'a>(
    f: &mut fmt::Formatter<'_>,
    (name, width): (&str, usize),
    cells: impl Iterator<Item = (&'a str, usize)>,
) -> fmt::Result {
    write!(f, "{name:<width$}")?;
    for (cell, width) in cells {
        write!(f, "  {cell:>width$}")?;
    }
    f.write_str("\n")
}

/// Breaks a sentence into lines; all but the first are indented.
fn wrapped(text: &str, width: usize, indent: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one from the beginning");
        let len = line.chars().count();
        if len > 0 && len + 1 + word.chars().count() > width {
            lines.push(format!("{indent}{word}"));
        } else {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines
}

/// The end of a name, where it is too long: that is where functions differ.
fn tail(name: &str, width: usize) -> String {
    let len = name.chars().count();
    if len <= width {
        return name.to_owned();
    }
    let rest: String = name.chars().skip(len + 1 - width).collect();
    format!("…{rest}")
}

/// A count in at most seven characters.
fn count(n: u64) -> String {
    match n {
        0..10_000_000 => n.to_string(),
        10_000_000..10_000_000_000 => format!("{:.1}M", n as f64 / 1e6),
        _ => format!("{:.1}G", n as f64 / 1e9),
    }
}

/// A duration in at most seven characters, with its unit.
fn short(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match duration.as_nanos() {
        0 => "0".to_owned(),
        1..1_000 => format!("{}ns", duration.as_nanos()),
        1_000..1_000_000 => format!("{:.1}µs", seconds * 1e6),
        1_000_000..1_000_000_000 => format!("{:.1}ms", seconds * 1e3),
        1_000_000_000..100_000_000_000 => format!("{seconds:.1}s"),
        _ if seconds < 6000.0 => format!("{:.1}min", seconds / 60.0),
        _ => format!("{:.1}h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(name: &str, hits: u64, load: Duration) -> CacheInfo {
        CacheInfo {
            name: name.to_owned(),
            hits,
            misses: 10,
            loads: 10,
            load_time: load * 10,
            len: 10,
            max: Some(1000),
            ..CacheInfo::default()
        }
    }

    fn shop() -> Report {
        let product = CacheInfo {
            evictions: 1_520,
            returned: 2_000,
            missing_room: 9_100,
            max: Some(10_000),
            len: 10_000,
            misses: 5_000,
            loads: 5_000,
            load_time: Duration::from_secs(5),
            ..info("shop::products::product", 45_000, Duration::ZERO)
        };
        let session = CacheInfo { misses: 4_000, ..info("shop::session", 0, Duration::from_millis(2)) };
        let rate = CacheInfo {
            expirations: 12,
            loads: 7,
            load_failures: 3,
            ..info("rate", 2_000, Duration::from_millis(20))
        };
        Report::new(vec![session, rate, product])
    }

    #[test]
    fn the_report_at_80_columns() {
        let text = "\
cache                     hits  misses  ratio    len    max    load  saved
shop::products::product  45000    5000  90.0%  10000  10000   1.0ms  45.0s
rate                      2000      10  99.5%     10   1000  20.0ms  40.0s
shop::session                0    4000   0.0%     10   1000   2.0ms      0
time saved in all: 85.0s
`shop::products::product`: 40% of misses were of entries evicted shortly before:
    raise `max` to about 20_000
`shop::session`: none of 4_000 calls was a hit: the cache saves nothing. Keep
    out of the key what does not matter, or do without
";
        assert_eq!(format!("{:80}", shop()), text);
    }

    #[test]
    fn the_report_at_120_columns() {
        let text = "\
cache                     hits  misses  ratio    len    max  evicted  expired  failed    load  saved
shop::products::product  45000    5000  90.0%  10000  10000     1520        0       0   1.0ms  45.0s
rate                      2000      10  99.5%     10   1000        0       12       3  20.0ms  40.0s
shop::session                0    4000   0.0%     10   1000        0        0       0   2.0ms      0
time saved in all: 85.0s
`shop::products::product`: 40% of misses were of entries evicted shortly before: raise `max` to about 20_000
`shop::session`: none of 4_000 calls was a hit: the cache saves nothing. Keep out of the key what does not matter, or do
    without
";
        assert_eq!(format!("{:120}", shop()), text);
    }

    #[test]
    fn the_report_is_aligned_and_fits() {
        let long = "a_crate::with::a::very::long::path::to::the_function_in_question";
        let infos =
            vec![info(long, 12_345_678, Duration::from_millis(12)), info("b", 3, Duration::from_nanos(40))];
        let report = Report { infos };
        for width in [64, 80, 120] {
            let text = format!("{report:width$}");
            let widths: Vec<usize> = text.lines().map(|line| line.chars().count()).collect();
            assert!(widths[..3].iter().all(|&each| each == widths[0] && each <= width), "{text}");
        }
        let text = format!("{report:80}");
        assert!(text.contains("…") && text.contains("the_function_in_question"), "{text}");
        assert!(text.contains("12.3M"), "{text}");
        assert!(format!("{report:120}").contains(long));
    }

    #[test]
    fn no_line_of_any_report_is_too_wide() {
        for width in 64..200 {
            let text = format!("{:width$}", shop());
            assert!(text.lines().all(|line| line.chars().count() <= width), "{width}:\n{text}");
        }
    }

    #[test]
    fn durations_are_short_and_carry_their_unit() {
        let cases = [
            (Duration::ZERO, "0"),
            (Duration::from_nanos(999), "999ns"),
            (Duration::from_nanos(1_500), "1.5µs"),
            (Duration::from_millis(12), "12.0ms"),
            (Duration::from_secs(12), "12.0s"),
            (Duration::from_secs(600), "10.0min"),
            (Duration::from_secs(36_000), "10.0h"),
        ];
        for (duration, text) in cases {
            assert_eq!(short(duration), text);
        }
    }
}
