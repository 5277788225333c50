//! Processes that are killed while they write. `KILLS=200` kills as many.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use cached_core::WriteBehind;

const KEYS: u64 = 5;
const CAPACITY: usize = 40;

/// Where the child finds its task: a folder, whether there is a journal, whether it is to finish, and the number to begin with.
const TASK: &str = "WRITE_BEHIND_TASK";

fn kills() -> u64 {
    std::env::var("KILLS").map_or(10, |kills| kills.parse().expect("a number of kills"))
}

/// A sink that survives kills: a line for each write, in a file.
fn sink(folder: &Path) -> impl FnMut(&[(u64, u64)]) -> Result<(), Infallible> + Send + use<> {
    let mut file = OpenOptions::new().create(true).append(true).open(folder.join("stored")).unwrap();
    move |batch| {
        let lines: String = batch.iter().map(|(key, value)| format!("{key} {value}\n")).collect();
        file.write_all(lines.as_bytes()).unwrap();
        Ok(())
    }
}

fn encode(key: &u64, value: &u64) -> Vec<u8> {
    [key.to_le_bytes(), value.to_le_bytes()].concat()
}

fn decode(bytes: &[u8]) -> Option<(u64, u64)> {
    let (key, value) = bytes.split_at_checked(8)?;
    Some((u64::from_le_bytes(key.try_into().ok()?), u64::from_le_bytes(value.try_into().ok()?)))
}

/// Writes rising numbers and says which of them were accepted, until it is killed.
fn child(task: &str) {
    let mut words = task.split(';');
    let mut word = || words.next().unwrap();
    let (folder, journal, finish, first) =
        (word(), word() == "true", word() == "true", word().parse::<u64>().unwrap());
    let folder = Path::new(folder);
    let mut builder =
        WriteBehind::builder(sink(folder)).max_batch(4).capacity(CAPACITY).interval(Duration::from_millis(1));
    if journal {
        builder = builder.journal(folder.join("journal"), encode, decode).unwrap();
    }
    let writer = builder.build();
    let mut out = std::io::stdout();
    if finish {
        writer.flush().unwrap();
        return;
    }
    for value in first.. {
        writer.write(value * value % KEYS, value).unwrap();
        writeln!(out, "accepted {value}").unwrap();
    }
}

/// Starts a child, kills it after so many writes, and gives the last that was accepted.
fn run_and_kill(test: &str, task: &str, writes: u64) -> u64 {
    let mut child = start(test, task);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut last = 0;
    let accepted =
        lines.map_while(Result::ok).filter_map(|line| line.split_once("accepted ")?.1.parse::<u64>().ok());
    for (seen, value) in accepted.enumerate() {
        last = value;
        if seen as u64 == writes {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    last
}

fn start(test: &str, task: &str) -> std::process::Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(TASK, task);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// What is stored, in its order; each key's numbers must not fall.
fn stored(folder: &Path) -> Vec<(u64, u64)> {
    let file = BufReader::new(File::open(folder.join("stored")).unwrap());
    let mut last: HashMap<u64, u64> = HashMap::new();
    let lines = file.lines().map(|line| {
        let line = line.unwrap();
        let (key, value) = line.split_once(' ').unwrap();
        (key.parse::<u64>().unwrap(), value.parse::<u64>().unwrap())
    });
    let lines: Vec<_> = lines.collect();
    for &(key, value) in &lines {
        let before = last.insert(key, value).unwrap_or(0);
        assert!(before <= value, "key {key} fell from {before} to {value}");
    }
    lines
}

#[test]
fn with_a_journal_nothing_that_was_accepted_is_lost() {
    if let Ok(task) = std::env::var(TASK) {
        return child(&task);
    }
    let test = "write_behind_kill::with_a_journal_nothing_that_was_accepted_is_lost";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    let (mut next, mut all) = (1, Vec::new());
    for kill in 0..kills() {
        let last = run_and_kill(test, &format!("{path};true;false;{next}"), kill * 7 % 23);
        assert!(last >= next, "it accepted something");
        all.extend(next..=last);
        // One more may have been accepted and not told.
        next = last + 2;
        if kill % 5 == 4 {
            assert!(start(test, &format!("{path};true;true;0")).wait().unwrap().success());
            let stored: HashMap<u64, u64> = stored(folder.path()).into_iter().collect();
            let mut accepted: HashMap<u64, u64> = HashMap::new();
            accepted.extend(all.iter().map(|value| (value * value % KEYS, *value)));
            for (key, value) in accepted {
                assert!(stored.get(&key).is_some_and(|stored| *stored >= value), "{value} is lost");
            }
        }
    }
}

#[test]
fn without_a_journal_no_more_is_lost_than_may_be_pending() {
    if let Ok(task) = std::env::var(TASK) {
        return child(&task);
    }
    let test = "write_behind_kill::without_a_journal_no_more_is_lost_than_may_be_pending";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    let mut next = 1;
    for kill in 0..kills() {
        let last = run_and_kill(test, &format!("{path};false;false;{next}"), 50 + kill * 37 % 500);
        let highest = stored(folder.path()).into_iter().map(|(_, value)| value).max().unwrap_or(0);
        assert!(last <= highest + CAPACITY as u64, "{last} was accepted, {highest} is stored");
        next = last + 2;
    }
}
