//! A Markdown page that people write, with tables between markers that a run fills in.
//!
//! `<!-- table NAME -->` begins one, `<!-- end -->` ends it. Names are those of workloads; `machine` is where the run
//! took place, `goals` what the figures are held against. What was not measured stays as it is.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::goals;
use crate::report::Figures;
use crate::table::Table;
use crate::workloads;

/// A page with all its markers in order.
#[derive(Debug)]
pub(crate) struct Page {
    path: PathBuf,
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    /// Lines that stay.
    Text(String),
    /// Lines between markers, without them.
    Table { name: String, text: String },
}

const BEGIN: &str = "<!-- table ";
const END: &str = "<!-- end -->";

impl Page {
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path)
            .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        let parts = parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { path: path.to_owned(), parts })
    }

    pub(crate) fn fill(mut self, figures: &Figures) -> Result<(), String> {
        for part in &mut self.parts {
            if let Part::Table { name, text } = part
                && let Some(filled) = filling(name, figures)
            {
                *text = filled;
            }
        }
        fs::write(&self.path, self.text())
            .map_err(|error| format!("{} cannot be written: {error}", self.path.display()))
    }

    fn text(&self) -> String {
        let mut whole = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => whole.push_str(text),
                Part::Table { name, text } => {
                    let _ = write!(whole, "{BEGIN}{name} -->\n{text}{END}\n");
                }
            }
        }
        whole
    }
}

fn parse(text: &str) -> Result<Vec<Part>, String> {
    let mut parts = vec![Part::Text(String::new())];
    for (index, line) in text.lines().enumerate() {
        let wrong = |what: String| Err(format!("line {}: {what}", index + 1));
        let name = line.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix("-->")).map(str::trim);
        match (parts.last_mut(), name) {
            (Some(Part::Table { name: open, .. }), Some(_)) => {
                return wrong(format!("the table `{open}` has no `{END}` before the next one"));
            }
            (_, Some(name)) if !is_known(name) => {
                return wrong(format!("there is no table `{name}`; `--list` says what there is"));
            }
            (_, Some(name)) => parts.push(Part::Table { name: name.to_owned(), text: String::new() }),
            (Some(Part::Table { .. }), None) if line.trim() == END => parts.push(Part::Text(String::new())),
            (Some(Part::Text(_)), None) if line.trim() == END => {
                return wrong(format!("`{END}` ends nothing"));
            }
            (Some(Part::Text(text) | Part::Table { text, .. }), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    match parts.last() {
        Some(Part::Table { name, .. }) => Err(format!("the table `{name}` has no `{END}`")),
        _ => Ok(parts),
    }
}

const MACHINE: &str = "machine";
const GOALS: &str = "goals";

fn is_known(name: &str) -> bool {
    [MACHINE, GOALS].contains(&name) || workloads::ALL.iter().any(|workload| workload.name == name)
}

/// What goes between the markers; nothing, where nothing was measured.
fn filling(name: &str, figures: &Figures) -> Option<String> {
    match name {
        MACHINE => Some(figures.machine.lines(figures.rounds).join("  \n") + "\n"),
        GOALS => Some(goals::compare(figures).to_markdown()),
        _ => figures.workload(name).map(|report| Table::from(report).to_markdown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::report::{Report, Row, Unit};

    fn figures() -> Figures {
        let rows = vec![Row::new("raw", "as it is", vec![4.0])];
        let report =
            Report { name: "hit-u64".into(), title: "t".into(), threads: 1, unit: Unit::Nanoseconds, rows };
        Figures { machine: Machine::this(), rounds: 1, workloads: vec![report] }
    }

    #[test]
    fn tables_are_filled_and_all_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.md");
        let before = "# Page\n\n<!-- table hit-u64 -->\nold\n<!-- end -->\n\ntext\n\
                      <!-- table hit-str -->\nkept\n<!-- end -->\n<!-- table machine -->\n<!-- end -->\n";
        fs::write(&path, before).unwrap();
        for _ in 0..2 {
            Page::open(&path).unwrap().fill(&figures()).unwrap();
            let after = fs::read_to_string(&path).unwrap();
            assert!(after.starts_with("# Page\n\n<!-- table hit-u64 -->\n| library |"), "{after}");
            assert!(after.contains("| raw | as it is | 4.00 |") && !after.contains("old"), "{after}");
            assert!(
                after.contains("\n<!-- end -->\n\ntext\n<!-- table hit-str -->\nkept\n<!-- end -->\n"),
                "{after}"
            );
            assert!(after.contains("cores available"), "{after}");
        }
    }

    #[test]
    fn markers_out_of_order_are_errors() {
        for (text, expected) in [
            ("<!-- table hit-u64 -->\n", "the table `hit-u64` has no `<!-- end -->`"),
            ("a\n<!-- end -->\n", "line 2: `<!-- end -->` ends nothing"),
            ("<!-- table hit-u64 -->\n<!-- table hit-str -->\n", "line 2: the table `hit-u64` has no"),
            ("<!-- table hit-u46 -->\n<!-- end -->\n", "line 1: there is no table `hit-u46`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn a_page_that_is_not_there_is_an_error() {
        let error = Page::open(Path::new("/no/such/page.md")).unwrap_err();
        assert!(error.starts_with("/no/such/page.md cannot be read"), "{error}");
    }
}
