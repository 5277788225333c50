//! The figures of a run: as tables for people, as JSON for programs.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use serde::Serialize;

use crate::stats::Summary;
use crate::table::Table;

/// Everything that one run found.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    pub(crate) machine: Machine,
    pub(crate) rounds: usize,
    pub(crate) workloads: Vec<Report>,
}

impl Figures {
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        serde_json::to_writer_pretty(&mut file, self)?;
        file.write_all(b"\n")?;
        file.flush()
    }
}

/// Where a run took place, as far as that can be said anywhere.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) cores: usize,
    pub(crate) arch: &'static str,
    pub(crate) os: &'static str,
}

impl Machine {
    pub(crate) fn this() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { cores, arch: std::env::consts::ARCH, os: std::env::consts::OS }
    }

    /// What to know before reading the tables.
    pub(crate) fn preamble(&self, rounds: usize) -> String {
        let Self { cores, arch, os } = self;
        let build = if cfg!(debug_assertions) { "\nA DEBUG BUILD: the figures mean nothing." } else { "" };
        format!(
            "{os} on {arch}, {cores} cores available. Times depend on the machine and on what else it does:\n\
             compare them within a table, not with those of another machine or run.\n\
             Medians of {rounds} rounds, contenders taking turns; each library with its default hasher.\n\
             ns: nanoseconds per call and thread; quartiles: those of the rounds; hits: calls that ran no body;\n\
             rounds, on two threads: those that count, in which the threads did run at the same time.{build}"
        )
    }
}

/// The figures of one workload.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) threads: usize,
    pub(crate) rows: Vec<Row>,
}

/// The figures of one contender.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) library: &'static str,
    pub(crate) setup: &'static str,
    /// Rounds that count.
    pub(crate) rounds: usize,
    /// Nothing where no round counts.
    pub(crate) nanos: Option<Summary>,
    /// Its median in medians of the first row.
    pub(crate) ratio: Option<f64>,
    pub(crate) hit_ratio: Option<f64>,
}

impl Report {
    /// Relates all rows to the first.
    pub(crate) fn new(name: &'static str, title: &'static str, threads: usize, mut rows: Vec<Row>) -> Self {
        if let Some(base) = rows.first().and_then(|row| row.nanos) {
            rows.iter_mut().for_each(|row| row.ratio = row.nanos.map(|nanos| nanos.median / base.median));
        }
        Self { name, title, threads, rows }
    }

    pub(crate) fn to_table(&self) -> Table {
        let ratio = self.rows.first().map_or_else(String::new, |row| format!("x {}", row.library));
        let title = format!("{}: {}", self.name, self.title);
        let mut heading = vec!["library", "setup", "ns", "quartiles", &ratio, "hits"];
        if self.threads > 1 {
            heading.push("rounds");
        }
        let mut table = Table::new(title, 2, &heading);
        for row in &self.rows {
            let mut cells = row.cells();
            if self.threads > 1 {
                cells.push(row.rounds.to_string());
            }
            table.row(cells);
        }
        table
    }
}

impl Row {
    fn cells(&self) -> Vec<String> {
        let or_nothing = |cell: Option<String>| cell.unwrap_or_else(|| "-".to_owned());
        let quartiles =
            |nanos: Summary| format!("{} - {}", figure(nanos.lower_quartile), figure(nanos.upper_quartile));
        vec![
            self.library.to_owned(),
            self.setup.to_owned(),
            or_nothing(self.nanos.map(|nanos| figure(nanos.median))),
            or_nothing(self.nanos.map(quartiles)),
            or_nothing(self.ratio.map(figure)),
            or_nothing(self.hit_ratio.map(|ratio| format!("{:.1}%", ratio * 100.0))),
        ]
    }
}

/// With three digits or a few more: what lies beyond differs from run to run.
fn figure(value: f64) -> String {
    let digits = match value {
        ..10.0 => 2,
        10.0..1000.0 => 1,
        _ => 0,
    };
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(library: &'static str, median: f64) -> Row {
        let nanos = Summary { median, lower_quartile: median, upper_quartile: median };
        Row { library, setup: "as it is", rounds: 7, nanos: Some(nanos), ratio: None, hit_ratio: Some(0.5) }
    }

    #[test]
    fn ratios_are_to_the_first_row() {
        let report = Report::new("w", "words", 1, vec![row("raw", 4.0), row("ours", 10.0)]);
        assert_eq!([report.rows[0].ratio, report.rows[1].ratio], [Some(1.0), Some(2.5)]);
        let table = report.to_table().to_string();
        assert!(table.contains("x raw") && table.contains("2.50") && table.contains("50.0%"), "{table}");
    }

    #[test]
    fn figures_have_a_few_digits() {
        assert_eq!(
            [0.333, 9.87, 12.34, 999.4, 1234.5].map(figure),
            ["0.33", "9.87", "12.3", "999.4", "1234"]
        );
    }

    #[test]
    fn a_table_is_no_wider_than_a_hundred_columns() {
        let setup = "s".repeat(39).leak();
        let rows = vec![row("ours", 1_234.0), Row { library: "elevenlongs", setup, ..row("", 1_234.0) }];
        let table = Report::new("w", "words", 2, rows).to_table().to_string();
        assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
    }

    #[test]
    fn what_was_not_measured_has_no_figures() {
        let rows =
            vec![row("ours", 4.0), Row { nanos: None, hit_ratio: None, rounds: 0, ..row("other", 0.0) }];
        let report = Report::new("w", "words", 2, rows);
        let table = report.to_table().to_string();
        assert!(
            table
                .lines()
                .last()
                .unwrap()
                .split_whitespace()
                .eq(["other", "as", "it", "is", "-", "-", "-", "-", "0"])
        );
    }

    #[test]
    fn the_same_figures_go_to_json() {
        let report = Report::new("w", "words", 2, vec![row("raw", 4.0)]);
        let machine = Machine { cores: 3, arch: "a", os: "o" };
        let json = serde_json::to_value(Figures { machine, rounds: 5, workloads: vec![report] }).unwrap();
        assert_eq!(json["machine"]["cores"], 3);
        assert_eq!(json["workloads"][0]["rows"][0]["nanos"]["median"], 4.0);
        assert_eq!(json["workloads"][0]["threads"], 2);
    }
}
