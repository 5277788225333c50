//! What a call means, tried beside others: who hangs, who loads twice, who serves the past.
//!
//! `cargo run --release -p promises` tries every case with every library and prints a table; `cargo run --release -p promises --
//! held panic` only these. Each try is a process of its own with a watch-dog: what has not ended after ten seconds hangs.

mod body;
mod cases;
mod libraries;

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::cases::Case;
use crate::libraries::Library;

const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, library, case] = arguments.as_slice()
        && flag == "--try"
    {
        return try_one(library, case);
    }
    let chosen: Vec<&Case> = cases::ALL
        .iter()
        .filter(|case| arguments.is_empty() || arguments.iter().any(|name| name == case.name))
        .collect();
    if chosen.is_empty() {
        let names: Vec<_> = cases::ALL.iter().map(|case| case.name).collect();
        eprintln!("promises: no such case; there are: {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    for library in &libraries::ALL {
        println!("{:<12}{}", library.name, library.setup);
    }
    for case in chosen {
        println!("\n{} ({})", case.title, case.name);
        for library in &libraries::ALL {
            println!("  {:<12}{}", library.name, outcome(library, case));
        }
    }
    ExitCode::SUCCESS
}

/// In the child: one case, one library.
fn try_one(library: &str, case: &str) -> ExitCode {
    let library = libraries::ALL.iter().find(|other| other.name == library);
    let case = cases::ALL.iter().find(|other| other.name == case);
    let (Some(library), Some(case)) = (library, case) else { return ExitCode::FAILURE };
    println!("{}", (case.run)(library));
    ExitCode::SUCCESS
}

/// In the parent: what the child says, if it says something in time.
fn outcome(library: &Library, case: &Case) -> String {
    let child = std::env::current_exe().and_then(|program| {
        let mut command = Command::new(program);
        command.args(["--try", library.name, case.name]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
    });
    let mut child = match child {
        Ok(child) => child,
        Err(error) => return format!("could not be tried: {error}"),
    };
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                let output = child.wait_with_output().map(|output| output.stdout).unwrap_or_default();
                let text = String::from_utf8_lossy(&output).trim().to_owned();
                return if text.is_empty() { format!("ends the process: {status}") } else { text };
            }
            Ok(None) if begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(20)),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                return "hangs".to_owned();
            }
        }
    }
}
