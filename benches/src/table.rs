//! Columns, as plain text and as Markdown.

use std::fmt::{self, Write as _};

use crate::report::{Report, Row};
use crate::stats::Summary;

/// A title, and rows under a heading. The first columns are words and go left, the others are figures and go right.
#[derive(Debug)]
pub(crate) struct Table {
    title: String,
    words: usize,
    rows: Vec<Vec<String>>,
}

const GAP: &str = "  ";

/// What the columns mean.
pub(crate) const LEGEND: &str = "\
Times depend on the machine and on what else it does: compare them within a table of one run.
ns: per call and thread, calls independent of each other; chained: each call needs the last one's result;
quartiles: of the rounds; hits: calls that ran no body; rounds: those that count, with all threads at work.";

impl Table {
    /// `words`: how many columns are words.
    pub(crate) fn new(title: impl Into<String>, words: usize, heading: &[&str]) -> Self {
        let heading = heading.iter().map(|&cell| cell.to_owned()).collect();
        Self { title: title.into(), words, rows: vec![heading] }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// For a page that has the title elsewhere. A column without a heading has a space for one.
    pub(crate) fn to_markdown(&self) -> String {
        let mut text = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            let cells: Vec<_> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
            if index == 0 {
                let rule = |column| if column < self.words { "---|" } else { "---:|" };
                let _ = writeln!(text, "|{}", (0..row.len()).map(rule).collect::<String>());
            }
        }
        text
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let cell = |row: &Vec<String>, column: usize| row.get(column).map_or(0, |cell| cell.chars().count());
        (0..columns).map(|column| self.rows.iter().map(|row| cell(row, column)).max().unwrap_or(0)).collect()
    }

    fn line(&self, widths: &[usize], row: &[String]) -> String {
        let aligned = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            if column < self.words { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        aligned.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let width = widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1);
        writeln!(f, "{}", self.title)?;
        for (index, row) in self.rows.iter().enumerate() {
            writeln!(f, "{}", self.line(&widths, row))?;
            if index == 0 {
                writeln!(f, "{}", "-".repeat(width))?;
            }
        }
        Ok(())
    }
}

/// One of a table's columns: its heading, and its cell for a contender.
type Column<'a> = (String, Box<dyn Fn(&Row) -> Option<String> + 'a>);

impl From<&Report> for Table {
    /// Only columns that say something: no chained calls where there were none, no quartiles of one figure.
    fn from(report: &Report) -> Self {
        let unit = report.unit.short();
        let any = |test: fn(&Row) -> bool| report.rows.iter().any(test);
        let limit = report.rows.first().map_or("", |row| &row.library);
        let ratio = move |of: fn(&Row) -> Option<f64>| move |row: &Row| report.ratio(of, row).map(figure);
        let mut columns: Vec<Column<'_>> =
            vec![(unit.to_owned(), Box::new(|row: &Row| row.median().map(figure)))];
        if any(|row| row.rounds > 1) {
            columns.push(("quartiles".to_owned(), Box::new(|row: &Row| row.figure.map(quartiles))));
        }
        columns.push((format!("x {limit}"), Box::new(ratio(Row::median))));
        if any(|row| row.dependent.is_some()) {
            columns.push(("chained".to_owned(), Box::new(|row: &Row| row.dependent_median().map(figure))));
            columns.push((format!("x {limit}"), Box::new(ratio(Row::dependent_median))));
        }
        if any(|row| row.hit_ratio.is_some_and(|ratio| ratio < 0.9995)) {
            let hits = |row: &Row| row.hit_ratio.map(|ratio| format!("{:.1}%", ratio * 100.0));
            columns.push(("hits".to_owned(), Box::new(hits)));
        }
        if report.threads > 1 {
            columns.push(("rounds".to_owned(), Box::new(|row: &Row| Some(row.rounds.to_string()))));
        }
        let mut heading = vec!["library", "setup"];
        heading.extend(columns.iter().map(|(heading, _)| heading.as_str()));
        let mut table = Self::new(format!("{}: {}", report.name, report.title), 2, &heading);
        for row in &report.rows {
            let cells = columns.iter().map(|(_, cell)| cell(row).unwrap_or_else(|| "-".to_owned()));
            table.row([row.library.clone(), row.setup.clone()].into_iter().chain(cells).collect());
        }
        table
    }
}

fn quartiles(summary: Summary) -> String {
    format!("{} - {}", figure(summary.lower_quartile), figure(summary.upper_quartile))
}

/// With three digits or a few more: what lies beyond differs from run to run.
pub(crate) fn figure(value: f64) -> String {
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
    use crate::report::Unit;

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|&cell| cell.to_owned()).collect()
    }

    fn report(threads: usize, rows: Vec<Row>) -> Report {
        Report { name: "w".into(), title: "words".into(), threads, unit: Unit::Nanoseconds, rows }
    }

    #[test]
    fn words_go_left_and_figures_right() {
        let mut table = Table::new("hits", 1, &["who", "ns", "x"]);
        table.row(cells(&["raw", "3.1", "1.00"]));
        table.row(cells(&["a longer one", "12.5", "4.03"]));
        let lines = [
            "hits",
            "who             ns     x",
            "------------------------",
            "raw            3.1  1.00",
            "a longer one  12.5  4.03",
        ];
        assert_eq!(table.to_string(), lines.join("\n") + "\n");
        let lines =
            ["| who | ns | x |", "|---|---:|---:|", "| raw | 3.1 | 1.00 |", "| a longer one | 12.5 | 4.03 |"];
        assert_eq!(table.to_markdown(), lines.join("\n") + "\n");
    }

    #[test]
    fn letters_count_not_bytes() {
        let mut table = Table::new("t", 1, &["a", "b"]);
        table.row(cells(&["ä–ö", "1"]));
        table.row(cells(&["abc", "1"]));
        let text = table.to_string();
        let widths: Vec<_> = text.lines().skip(2).map(|line| line.chars().count()).collect();
        assert_eq!(widths, [6, 6, 6]);
    }

    #[test]
    fn a_table_without_rows_is_its_heading() {
        assert_eq!(Table::new("t", 1, &["a", "b"]).to_string(), "t\na  b\n----\n");
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
        let long = |library: &str| {
            let mut row = Row::new(library, "s".repeat(34), vec![1_234.0, 1_235.0]);
            row.dependent = row.figure;
            row
        };
        let table = Table::from(&report(1, vec![long("raw"), long("elevenlongs")])).to_string();
        assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
        let mut rows = vec![long("raw"), long("elevenlongs")];
        for row in &mut rows {
            row.dependent = None;
            row.hit_ratio = Some(0.5);
        }
        let table = Table::from(&report(2, rows)).to_string();
        assert!(table.contains("50.0%") && table.lines().all(|line| line.chars().count() <= 100), "{table}");
    }

    #[test]
    fn what_was_not_measured_has_no_figures() {
        let rows = vec![Row::new("ours", "a", vec![4.0, 4.0]), Row::new("other", "as it is", Vec::new())];
        let table = Table::from(&report(2, rows)).to_string();
        let last: Vec<_> = table.lines().last().unwrap().split_whitespace().collect();
        assert_eq!(last, ["other", "as", "it", "is", "-", "-", "-", "0"]);
    }
}
