//! Plain text in columns.

use std::fmt;

/// A title, and rows under a heading. The first columns are words and go left, the others are figures and go right.
#[derive(Debug)]
pub(crate) struct Table {
    title: String,
    words: usize,
    rows: Vec<Vec<String>>,
}

const GAP: &str = "  ";

impl Table {
    /// `words`: how many columns are words.
    pub(crate) fn new(title: impl Into<String>, words: usize, heading: &[&str]) -> Self {
        let heading = heading.iter().map(|&cell| cell.to_owned()).collect();
        Self { title: title.into(), words, rows: vec![heading] }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|&cell| cell.to_owned()).collect()
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
}
