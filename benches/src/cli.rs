//! The command line.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Parser;

use crate::measure::Settings;
use crate::workloads::{self, Workload};

/// Compares the memoization library of this workspace with others: nanoseconds per call, in tables.
///
/// All contenders of a workload take turns within one run, in many short rounds and in rotating order, so that
/// whatever else the machine does meets all of them alike. Shown is the median of the rounds.
#[derive(Debug, Parser)]
#[command(name = "benches", version, after_help = list())]
pub(crate) struct Options {
    /// Rounds in which the contenders take turns
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rounds: u32,
    /// Only workloads with this in their name; may be given several times
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    only: Vec<String>,
    /// Few rounds, for a first look: wins over --rounds
    #[arg(long)]
    quick: bool,
    /// Also write the figures to a file, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// Enough for a median, too few to trust in its last digit.
const QUICK_ROUNDS: usize = 7;

impl Options {
    pub(crate) fn settings(&self) -> Settings {
        Settings { rounds: if self.quick { QUICK_ROUNDS } else { self.rounds as usize } }
    }

    /// The workloads to run, in their order.
    pub(crate) fn chosen(&self) -> Result<Vec<&'static Workload>, String> {
        let is_chosen = |workload: &&Workload| {
            self.only.is_empty() || self.only.iter().any(|part| workload.name.contains(part))
        };
        let chosen: Vec<_> = workloads::ALL.iter().copied().filter(is_chosen).collect();
        if chosen.is_empty() {
            return Err(format!("no workload has that in its name.\n\n{}", list()));
        }
        Ok(chosen)
    }
}

/// The workloads, one a line.
fn list() -> String {
    let mut list = String::from("Workloads:");
    for workload in workloads::ALL {
        let _ = write!(list, "\n  {:<16}{}", workload.name, workload.title);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn names(arguments: &[&str]) -> Result<Vec<&'static str>, String> {
        let options = Options::parse_from(std::iter::once(&"benches").chain(arguments));
        Ok(options.chosen()?.into_iter().map(|workload| workload.name).collect())
    }

    #[test]
    fn the_command_is_well_formed() {
        Options::command().debug_assert();
    }

    #[test]
    fn a_part_of_a_name_chooses() {
        assert_eq!(names(&["--only", "ttl"]).unwrap(), ["hit-ttl"]);
        assert_eq!(names(&["--only", "ttl", "--only", "zero"]).unwrap(), ["hit-ttl", "zero-args"]);
        assert_eq!(names(&[]).unwrap().len(), workloads::ALL.len());
        assert!(names(&["--only", "nothing-like-it"]).unwrap_err().contains("hit-u64"));
    }

    #[test]
    fn quick_means_few_rounds() {
        assert_eq!(Options::parse_from(["benches", "--quick"]).settings().rounds, QUICK_ROUNDS);
        assert_eq!(Options::parse_from(["benches", "--rounds", "9"]).settings().rounds, 9);
    }
}
