//! Runs the program as a person would, each time on a database of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn flights(arguments: &[&str], database: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flights"));
    command.args(arguments).env_remove("COLUMNS");
    if let Some(path) = database {
        command.arg("--database").arg(path);
    }
    command.output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program writes text")
}

fn succeed(arguments: &[&str], database: &Path) -> String {
    let output = flights(arguments, Some(database));
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "a progress bar went into a pipe");
    text(&output.stdout)
}

/// Runs into a refusal: exit code 1, a message, and not a byte of the file changed.
fn refuse(database: &Path) -> String {
    let before = fs::read(database).expect("the file is there");
    let output = flights(&["--requests", "10"], Some(database));
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert_eq!(text(&output.stdout), "");
    assert_eq!(fs::read(database).expect("the file is still there"), before);
    let folder = database.parent().expect("the file is in a folder");
    assert_eq!(fs::read_dir(folder).expect("the folder is there").count(), 1, "something was left beside it");
    assert!(message.contains("remove it") && message.contains("--database"), "{message}");
    message
}

#[test]
fn a_run_shows_everything_within_80_columns() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = folder.path().join("a-rather-long-name-".repeat(8)).join("flights.sqlite");
    fs::create_dir(database.parent().expect("the folder was just named")).expect("a folder inside it");
    let shown = succeed(&["--requests", "300"], &database);

    let wide: Vec<_> = shown.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "{wide:#?}");
    let titles = [
        "1. The database",
        "2. A season at the desk",
        "3. Without and with the cache",
        "4. Recording a flight",
        "5. A promise",
        "6. Ahead of time",
        "7. The balance",
    ];
    let found: Vec<_> = titles.iter().map(|title| shown.find(title)).collect();
    assert!(found.iter().all(Option::is_some) && found.is_sorted(), "{shown}");
    assert_eq!(shown.matches("identical").count(), 3, "{shown}");
    assert!(shown.contains("months        3 loaded, 0 failed"), "{shown}");

    let report = shown.rsplit("7. The balance").next().expect("there is a last section");
    for function in ["route_report", "airport", "distance", "season_report"] {
        assert!(report.contains(function), "{function} is missing from the report:\n{report}");
    }
    let last = shown.lines().last().expect("the output is not empty");
    assert!(last.split_whitespace().count() > 2, "the last line is not one of the report: {last}");
}

#[test]
fn a_recorded_flight_shows_after_invalidation_and_is_gone_in_the_next_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = folder.path().join("flights.sqlite");
    let first = succeed(&["--requests", "300"], &database);
    let built = fs::read(&database).expect("the database was built");
    let second = succeed(&["--requests", "300"], &database);
    assert!(first.contains("\n  built ") && second.contains("\n  opened "), "{first}{second}");
    assert_eq!(fs::read(&database).expect("the database is still there"), built, "a run left traces");
    assert_eq!(fs::read_dir(folder.path()).expect("the folder is there").count(), 1);

    let line = |shown: &str, label: &str| {
        let found = shown.lines().find_map(|line| line.trim_start().strip_prefix(label));
        found.unwrap_or_else(|| panic!("no line {label:?} in\n{shown}")).trim().to_owned()
    };
    for shown in [&first, &second] {
        assert_eq!(line(shown, "cached "), line(shown, "still "));
        assert_ne!(line(shown, "cached "), line(shown, "now "));
        assert!(line(shown, "change ").contains("worst"), "{shown}");
        assert!(line(shown, "dropped ").contains("said true"), "{shown}");
        assert!(line(shown, "others ").ends_with("still cached"), "{shown}");
    }
    assert_eq!(line(&first, "cached "), line(&second, "cached "));
}

#[test]
fn a_promise_is_kept_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shown = succeed(&["--requests", "1"], &folder.path().join("flights.sqlite"));
    assert_eq!(shown.matches(": pending)").count(), 3, "{shown}");
    assert_eq!(shown.matches("never ran").count(), 2, "{shown}");
    assert!(shown.contains("February: 5,964 flights"), "{shown}");
}

#[test]
fn help_is_help() {
    let output = flights(&["--help"], None);
    let help = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0));
    assert!(help.contains("--database <PATH>") && help.contains("--requests <N>"), "{help}");
    assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
}

#[test]
fn wrong_arguments_are_refused() {
    for arguments in
        [&["--cache"][..], &["--requests", "0"], &["--requests", "20001"], &["--requests", "many"]]
    {
        let output = flights(arguments, None);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(arguments[0]), "{}", text(&output.stderr));
    }
}

#[test]
fn other_files_are_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("flights.sqlite");
    fs::write(&path, "Dear diary,\n".repeat(100)).expect("a text file");
    assert!(refuse(&path).contains("is not an SQLite database"));
    fs::write(&path, "").expect("an empty file");
    assert!(refuse(&path).contains("is empty"));
}

#[test]
fn damaged_databases_are_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("flights.sqlite");
    succeed(&["--requests", "1"], &path);
    let whole = fs::read(&path).expect("the database was built");

    fs::write(&path, &whole[..whole.len() / 2]).expect("half a database");
    assert!(refuse(&path).contains("is damaged"));

    // From the second page on, whatever is there: the header alone looks sound.
    let mut scribbled = whole.clone();
    scribbled[4096..].fill(0x5A);
    fs::write(&path, &scribbled).expect("a scribbled database");
    assert!(refuse(&path).contains("is damaged"));

    let mut newer = whole.clone();
    newer[63] = 77;
    fs::write(&path, &newer).expect("a newer database");
    assert!(refuse(&path).contains("schema version 77"));

    let mut foreign = whole;
    foreign[68..72].copy_from_slice(b"ABCD");
    fs::write(&path, &foreign).expect("a foreign database");
    assert!(refuse(&path).contains("another program"));
}

#[test]
fn a_place_that_takes_no_file_is_explained() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = flights(&["--requests", "1"], Some(&folder.path().join("missing/flights.sqlite")));
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("cannot build the database") && message.contains("--database"), "{message}");

    let output = flights(&["--requests", "1"], Some(folder.path()));
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("is a folder"), "{}", text(&output.stderr));
}
