//! Runs the program as a person would.

use std::process::Command;

#[test]
fn batches_ask_seldom_and_find_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let chart = folder.path().join("chart.svg");
    let output = Command::new(env!("CARGO_BIN_EXE_dataloader"))
        .args(["--flights", "2000", "--rounds", "1", "--chart"])
        .arg(&chart)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let queries = |way: &str| {
        let line =
            text.lines().find(|line| line.starts_with(way)).unwrap_or_else(|| panic!("{way} in {text}"));
        line[way.len()..].split_whitespace().next().unwrap().parse::<u32>().unwrap()
    };
    assert_eq!(queries("a query for each"), 2000);
    assert_eq!(queries("one call for all"), 4);
    // A machine that does something else for longer than a load waits for others splits a group.
    assert!((4..=40).contains(&queries("a load for each, gathered")), "{text}");
    let drawn = std::fs::read_to_string(chart).unwrap();
    assert!(drawn.starts_with("<svg") && drawn.matches("#005FAF").count() == 3, "a bar for each way");
}
