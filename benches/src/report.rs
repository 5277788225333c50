//! The figures of a run, as they go to a file and come from one.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::machine::Machine;
use crate::stats::Summary;

/// Everything that one run found.
#[derive(Debug, Serialize, Deserialize)]
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

    /// Those of an earlier run.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        serde_json::from_slice(&fs::read(path)?).map_err(io::Error::from)
    }

    pub(crate) fn workload(&self, name: &str) -> Option<&Report> {
        self.workloads.iter().find(|report| report.name == name)
    }
}

/// The figures of one workload. Its first row is what the others are related to.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) threads: usize,
    pub(crate) unit: Unit,
    pub(crate) rows: Vec<Row>,
}

impl Report {
    /// How often the first row's figure goes into another.
    pub(crate) fn ratio(&self, figure: impl Fn(&Row) -> Option<f64>, row: &Row) -> Option<f64> {
        let limit = figure(self.rows.first()?)?;
        (limit > 0.0).then_some(figure(row)? / limit)
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    Nanoseconds,
    Microseconds,
    Seconds,
    Instructions,
    Allocations,
    Bytes,
}

impl Unit {
    /// In the heading of a column.
    pub(crate) const fn short(self) -> &'static str {
        match self {
            Self::Nanoseconds => "ns",
            Self::Microseconds => "us",
            Self::Seconds => "s",
            Self::Instructions => "instr.",
            Self::Allocations => "alloc.",
            Self::Bytes => "bytes",
        }
    }

    /// On an axis.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Nanoseconds => "nanoseconds per call",
            Self::Microseconds => "microseconds",
            Self::Seconds => "seconds",
            Self::Instructions => "instructions per call",
            Self::Allocations => "allocations per call",
            Self::Bytes => "bytes per entry",
        }
    }
}

/// The figures of one contender.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) library: String,
    pub(crate) setup: String,
    /// Rounds that count.
    pub(crate) rounds: usize,
    pub(crate) figure: Option<Summary>,
    /// The same, where each call waits for the one before.
    pub(crate) dependent: Option<Summary>,
    /// Calls that ran no body.
    pub(crate) hit_ratio: Option<f64>,
}

impl Row {
    /// A contender without its figures yet.
    pub(crate) fn new(library: impl Into<String>, setup: impl Into<String>, figures: Vec<f64>) -> Self {
        Self {
            library: library.into(),
            setup: setup.into(),
            rounds: figures.len(),
            figure: Summary::of(figures),
            dependent: None,
            hit_ratio: None,
        }
    }

    pub(crate) fn median(&self) -> Option<f64> {
        self.figure.map(|figure| figure.median)
    }

    pub(crate) fn dependent_median(&self) -> Option<f64> {
        self.dependent.map(|figure| figure.median)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let rows = vec![Row::new("raw", "as it is", vec![4.0, 5.0]), Row::new("ours", "", Vec::new())];
        let report = Report {
            name: "w".into(),
            title: "words".into(),
            threads: 2,
            unit: Unit::Bytes,
            rows: rows.clone(),
        };
        let figures = Figures { machine: Machine::this(), rounds: 5, workloads: vec![report] };
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("figures.json");
        figures.write(&file).unwrap();
        let read = Figures::read(&file).unwrap();
        assert_eq!(read.workload("w").unwrap().rows, rows);
        assert!(read.workload("v").is_none());
        std::fs::write(&file, "{}").unwrap();
        assert!(Figures::read(&file).unwrap_err().to_string().contains("missing field"));
    }

    #[test]
    fn ratios_are_to_the_first_row() {
        let rows = vec![Row::new("raw", "", vec![4.0]), Row::new("ours", "", vec![10.0])];
        let report = Report { name: "w".into(), title: String::new(), threads: 1, unit: Unit::Seconds, rows };
        assert_eq!(report.ratio(Row::median, &report.rows[1]), Some(2.5));
        assert_eq!(report.ratio(Row::dependent_median, &report.rows[1]), None);
    }
}
