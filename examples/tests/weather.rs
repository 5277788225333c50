//! The example runs to its end, and draws what it has seen.

use std::process::Command;

#[test]
fn the_picture_has_a_line_for_each_program() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("weather.svg");
    let run = Command::new(env!("CARGO_BIN_EXE_weather")).arg("--picture").arg(&picture).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let (table, svg) = (String::from_utf8(run.stdout).unwrap(), std::fs::read_to_string(&picture).unwrap());
    for options in ["jitter", "refresh_after", "stale_if_error", "soft_timeout"] {
        assert!(table.contains(options) && svg.contains(options), "{options}");
    }
    let folder = folder.path().display().to_string();
    let wide: Vec<_> =
        table.lines().filter(|line| line.chars().count() > 80 && !line.contains(&folder)).collect();
    assert!(wide.is_empty(), "{wide:#?}");
    assert!(svg.contains("no errors"), "old values in the place of errors");
}
