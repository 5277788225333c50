//! Plain text for a terminal of 80 columns.

use std::io::{self, Write};
use std::time::Duration;

pub const WIDTH: usize = 80;

/// Writes numbered sections, and nothing wider than [`WIDTH`].
pub struct Page<'a> {
    out: &'a mut dyn Write,
    sections: u32,
}

impl<'a> Page<'a> {
    pub fn new(out: &'a mut dyn Write) -> Self {
        Page { out, sections: 0 }
    }

    /// Starts the next section: its number and title, and a sentence or two on what is to be seen.
    pub fn section(&mut self, title: &str, about: &str) -> io::Result<()> {
        if self.sections > 0 {
            writeln!(self.out)?;
        }
        self.sections += 1;
        let heading = format!("{}. {title}", self.sections);
        writeln!(self.out, "{heading}\n{}", "-".repeat(heading.chars().count()))?;
        self.text(about)?;
        writeln!(self.out)
    }

    /// Running text.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.indented("", "", text)
    }

    /// A line of a table or a list, which continues further in if it does not fit.
    pub fn item(&mut self, text: &str) -> io::Result<()> {
        self.indented("  ", "      ", text)
    }

    pub fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// Text that has been fitted to the terminal already.
    pub fn fitted(&mut self, text: &str) -> io::Result<()> {
        write!(self.out, "{text}")
    }

    fn indented(&mut self, first: &str, rest: &str, text: &str) -> io::Result<()> {
        for line in wrap(text, first, rest) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }
}

/// Breaks at spaces, and inside a word only when the word alone is too wide. Runs of spaces inside a line
/// are kept, for the sake of columns.
pub fn wrap(text: &str, first: &str, rest: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut left: Vec<char> = text.trim_end().chars().collect();
    let mut indent = first;
    loop {
        let room = WIDTH - indent.chars().count();
        if left.len() <= room {
            lines.push(format!("{indent}{}", left.iter().collect::<String>()));
            return lines;
        }
        let cut = left[..=room].iter().rposition(|&c| c == ' ').filter(|&at| at > 0).unwrap_or(room);
        let line: String = left[..cut].iter().collect();
        lines.push(format!("{indent}{}", line.trim_end()));
        left = left[cut..].iter().copied().skip_while(|&c| c == ' ').collect();
        indent = rest;
    }
}

/// `20000` as `20,000`.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Three or four significant digits, in the unit that suits.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 1e-3 => format!("{:.2} ms", s * 1e3),
        s if s >= 1e-6 => format!("{:.2} µs", s * 1e6),
        s => format!("{:.0} ns", s * 1e9),
    }
}

/// Shortens at the front, where a path says least.
pub fn tail(text: &str, room: usize) -> String {
    let length = text.chars().count();
    if length <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().skip(length - room.saturating_sub(3)).collect();
    format!("...{kept}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widest(lines: &[String]) -> usize {
        lines.iter().map(|line| line.chars().count()).max().unwrap_or(0)
    }

    #[test]
    fn lines_fit_and_keep_every_word() {
        let text = "departure ".repeat(60);
        let lines = wrap(&text, "  ", "      ");
        assert!(widest(&lines) <= WIDTH);
        assert_eq!(lines.join(" ").split_whitespace().count(), 60);
        assert!(lines[1].starts_with("      departure"));
    }

    #[test]
    fn a_line_of_exactly_the_width_is_not_broken() {
        assert_eq!(wrap(&"x".repeat(WIDTH), "", "").len(), 1);
        assert_eq!(wrap(&format!("{} y", "x".repeat(WIDTH - 2)), "", "").len(), 1);
        assert_eq!(wrap(&format!("{} y", "x".repeat(WIDTH - 1)), "", "").len(), 2);
    }

    #[test]
    fn a_word_without_a_space_is_cut() {
        let lines = wrap(&"é".repeat(200), "", "  ");
        assert_eq!((lines.len(), widest(&lines)), (3, WIDTH));
    }

    #[test]
    fn columns_survive() {
        assert_eq!(wrap("a    b", "  ", ""), ["  a    b"]);
    }

    #[test]
    fn numbers_and_times_read_well() {
        assert_eq!([count(0), count(999), count(20_000)], ["0", "999", "20,000"]);
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(duration(Duration::from_millis(1_250)), "1.25 s");
        assert_eq!(duration(Duration::from_micros(1_250)), "1.25 ms");
        assert_eq!(duration(Duration::from_nanos(1_250)), "1.25 µs");
        assert_eq!(duration(Duration::from_nanos(125)), "125 ns");
    }

    #[test]
    fn a_long_path_loses_its_beginning() {
        assert_eq!(tail("short", 10), "short");
        assert_eq!(tail("/a/long/path/to/x.sqlite", 14), "...to/x.sqlite");
    }

    #[test]
    fn a_page_numbers_its_sections() {
        let mut out = Vec::new();
        let mut page = Page::new(&mut out);
        page.section("One", &"word ".repeat(40)).expect("a Vec takes everything");
        page.item(&"wide ".repeat(30)).expect("a Vec takes everything");
        page.section("Two", "Short.").expect("a Vec takes everything");
        let text = String::from_utf8(out).expect("the page is text");
        assert!(text.starts_with("1. One\n------\n") && text.contains("\n\n2. Two\n"));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
    }
}
