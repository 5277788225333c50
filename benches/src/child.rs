//! This program, run by itself: where a contender needs a process to itself, or an instrument around it.

use std::env;
use std::ffi::OsStr;
use std::io;
use std::process::{Command, Output};

use clap::ValueEnum;

/// What a child does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Task {
    /// Hits, as many passes as it is told.
    Hits,
    /// Says the live bytes per entry.
    Bytes,
    /// Says the microseconds of the slowest insert.
    Growth,
}

impl Task {
    fn name(self) -> &'static str {
        match self {
            Self::Hits => "hits",
            Self::Bytes => "bytes",
            Self::Growth => "growth",
        }
    }
}

fn command(program: impl AsRef<OsStr>, task: Task, contender: usize, amount: usize) -> Command {
    let mut command = Command::new(program);
    command.args(["child", task.name()]).args([contender.to_string(), amount.to_string()]);
    command
}

/// The number that a child says.
pub(crate) fn ask(task: Task, contender: usize) -> Result<f64, String> {
    let program = this_program()?;
    let output = command(program, task, contender, 0).output();
    let output = succeeded(output, "a measurement in a process of its own")?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.trim().parse().map_err(|_| format!("a measurement in a process of its own said `{}`", said.trim()))
}

/// The function in which instructions are counted.
pub(crate) const COUNTED: &str = "counted_passes";

/// The instructions of a child in [`COUNTED`].
pub(crate) fn count_instructions(task: Task, contender: usize, amount: usize) -> Result<f64, String> {
    let program = this_program()?;
    let child = command(&program, task, contender, amount);
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    valgrind.arg(format!("--toggle-collect=*{COUNTED}*"));
    valgrind.arg(program).args(child.get_args());
    let output = match valgrind.output() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err("valgrind, which counts them, is not installed".to_owned());
        }
        output => succeeded(output, "valgrind")?,
    };
    let said = String::from_utf8_lossy(&output.stderr);
    collected(&said).ok_or_else(|| format!("valgrind does not say what it has collected:\n{said}"))
}

fn this_program() -> Result<std::path::PathBuf, String> {
    env::current_exe().map_err(|error| format!("this program cannot be found to be run again: {error}"))
}

/// The output of a process that ended well, or its own words of complaint.
pub(crate) fn succeeded(output: io::Result<Output>, what: &str) -> Result<Output, String> {
    let output = output.map_err(|error| format!("{what} cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(format!("{what} failed ({}):\n{}", output.status, complaint.trim()))
}

/// From `==123== Collected : 4567`.
fn collected(text: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.contains("Collected"))?;
    line.rsplit_once(':')?.1.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_collected_number_is_found() {
        let said = "==7== Events    : Ir\n==7== Collected : 123456\n==7==\n==7== I   refs:      123,456\n";
        assert_eq!(collected(said), Some(123_456.0));
        assert_eq!(collected("==7== nothing"), None);
    }

    #[test]
    fn a_process_that_fails_is_quoted() {
        let error = succeeded(Command::new("rustc").arg("--no-such-option").output(), "rustc").unwrap_err();
        assert!(error.starts_with("rustc failed") && error.contains("no-such-option"), "{error}");
        let error = succeeded(Command::new("no-such-program-here").output(), "it").unwrap_err();
        assert!(error.starts_with("it cannot be started"), "{error}");
    }

    #[test]
    fn names_are_those_of_the_command_line() {
        for task in Task::value_variants() {
            assert_eq!(task.to_possible_value().unwrap().get_name(), task.name());
        }
    }
}
