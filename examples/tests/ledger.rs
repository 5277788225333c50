//! Runs the program as a person would.

use std::process::Command;

fn ledger(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ledger")).args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[test]
fn what_is_written_behind_is_written() {
    let text = ledger(&["compare", "--flights", "500", "--rounds", "1"]);
    assert!(text.contains("with a journal") && text.contains("x second row"), "{text}");
}

#[test]
fn a_killed_ledger_loses_nothing() {
    let text = ledger(&["survive", "--kills", "5"]);
    assert!(text.contains("in 5 processes, each killed while it wrote; nothing is missing"), "{text}");
}
