//! The command line.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::child::Task;
use crate::measure::Settings;
use crate::workloads::{self, Workload};

/// Compares the memoization library of this workspace with others: time, memory and builds, in tables.
///
/// All contenders of a workload take turns within one run, in many short rounds and in rotating order, so that
/// whatever else the machine does meets all of them alike. Shown is the median of the rounds.
#[derive(Debug, Parser)]
#[command(name = "benches", version, args_conflicts_with_subcommands = true)]
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
    /// Say what workloads there are, and run none
    #[arg(long)]
    pub(crate) list: bool,
    /// Take the figures of an earlier run from its JSON file, and run none
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rounds", "quick", "list"])]
    pub(crate) from: Option<PathBuf>,
    /// Also write the figures to a file, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Also draw each table into a folder, as SVG
    #[arg(long, value_name = "FOLDER")]
    pub(crate) svg: Option<PathBuf>,
    /// Also put the tables into a Markdown file, between its markers `<!-- table NAME -->` and `<!-- end -->`
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Also hold the figures against the project's goals
    #[arg(long)]
    pub(crate) compare_to_goals: bool,
    #[command(subcommand)]
    pub(crate) command: Option<Internal>,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum Internal {
    /// Run one contender for the process that started this one
    #[command(hide = true)]
    Child { task: Task, contender: usize, amount: usize },
}

/// Enough for a median, too few to trust in its last digit.
const QUICK_ROUNDS: usize = 7;

impl Options {
    pub(crate) fn settings(&self) -> Settings {
        Settings { rounds: if self.quick { QUICK_ROUNDS } else { self.rounds as usize } }
    }

    /// The workloads to run or to show, in their order.
    pub(crate) fn chosen(&self) -> Result<Vec<&'static Workload>, String> {
        for part in &self.only {
            if !workloads::ALL.iter().any(|workload| workload.name.contains(part)) {
                return Err(format!("no workload has `{part}` in its name\n\n{}", list()));
            }
        }
        Ok(workloads::ALL.iter().copied().filter(|workload| self.wants(workload.name)).collect())
    }

    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| name.contains(part))
    }
}

/// The workloads, one a line.
pub(crate) fn list() -> String {
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

    fn parse(arguments: &[&str]) -> Result<Options, clap::Error> {
        Options::try_parse_from(std::iter::once(&"benches").chain(arguments))
    }

    fn names(arguments: &[&str]) -> Result<Vec<&'static str>, String> {
        Ok(parse(arguments).unwrap().chosen()?.into_iter().map(|workload| workload.name).collect())
    }

    #[test]
    fn the_command_is_well_formed() {
        Options::command().debug_assert();
    }

    #[test]
    fn a_part_of_a_name_chooses() {
        assert_eq!(names(&["--only", "ttl"]).unwrap(), ["hit-ttl"]);
        assert_eq!(names(&["--only", "ttl", "--only", "zero"]).unwrap(), ["hit-ttl", "hit-zero-args"]);
        assert_eq!(names(&[]).unwrap().len(), workloads::ALL.len());
    }

    #[test]
    fn a_name_that_there_is_not_is_an_error_also_beside_others() {
        let error = names(&["--only", "ttl", "--only", "nothing-like-it"]).unwrap_err();
        assert!(error.contains("`nothing-like-it`") && error.contains("hit-u64"), "{error}");
    }

    #[test]
    fn quick_means_few_rounds() {
        assert_eq!(parse(&["--quick"]).unwrap().settings().rounds, QUICK_ROUNDS);
        assert_eq!(parse(&["--rounds", "9"]).unwrap().settings().rounds, 9);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for bad in [
            &["--rounds", "0"][..],
            &["--rounds", "many"],
            &["--only"],
            &["--from", "f", "--quick"],
            &["--unknown"],
            &["child", "hits"],
        ] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_child_is_told_what_to_do() {
        let options = parse(&["child", "bytes", "3", "0"]).unwrap();
        assert!(matches!(
            options.command,
            Some(Internal::Child { task: Task::Bytes, contender: 3, amount: 0 })
        ));
    }
}
