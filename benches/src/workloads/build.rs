//! What a library adds to a clean build: itself and all it depends on, in the way of `cargo build`.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::Workload;
use crate::child::succeeded;
use crate::measure::Settings;
use crate::report::{Report, Row, Unit};

pub(super) const CLEAN: Workload =
    Workload { name: "build", title: "a clean debug build of a library with its dependencies", run };

/// What a library is called, and the line by which one depends on it.
const LIBRARIES: &[(&str, &str)] = &[
    ("hashbrown", "hashbrown = \"0.17\""),
    ("ours", concat!("cached-core = { path = \"", env!("CARGO_MANIFEST_DIR"), "/../cached-core\" }")),
    ("cached", "cached = \"4.1\""),
    ("memoize", "memoize = \"0.6\""),
    ("cachelito", "cachelito = \"0.16\""),
    ("quick_cache", "quick_cache = \"0.7\""),
    ("moka", "moka = { version = \"0.12\", features = [\"sync\"] }"),
    ("foyer", "foyer = \"0.22\""),
    ("papaya", "papaya = \"0.2\""),
    ("dashmap", "dashmap = \"6.1\""),
];

/// In the versions of this workspace, which are on this machine already.
const LOCK: &str = include_str!("../../../Cargo.lock");

fn run(workload: &Workload, settings: Settings) -> Result<Report, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let make = |&(name, dependency): &(&'static str, &str)| {
        let folder = folder.path().join(name);
        write(&folder, name, dependency)
            .map_err(|error| format!("{} cannot be written: {error}", folder.display()))?;
        let setup = format!("{} crates", crates(&folder)?);
        Ok((folder, name, setup, Vec::new()))
    };
    let mut builds = LIBRARIES.iter().map(make).collect::<Result<Vec<_>, String>>()?;
    for _ in 0..settings.repetitions().min(MOST) {
        for (folder, _, _, seconds) in &mut builds {
            seconds.push(build(folder)?);
        }
    }
    let row = |(_, name, setup, seconds)| Row::new(name, setup, seconds);
    Ok(workload.report(Unit::Seconds, builds.into_iter().map(row).collect()))
}

/// Builds take minutes.
const MOST: usize = 3;

/// A crate that depends on one thing and does nothing with it.
fn write(folder: &Path, name: &str, dependency: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "")?;
    fs::write(folder.join("Cargo.lock"), LOCK)?;
    let manifest = format!(
        "[package]\nname = \"build-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\n{dependency}\n\n[workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)
}

fn cargo(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    // Not that of whoever runs this, and no settings by which the build of this program was asked for.
    let mut command = Command::new("cargo");
    command.args(arguments).arg("--offline").current_dir(folder);
    command.env("CARGO_TARGET_DIR", folder.join("target")).env_remove("RUSTFLAGS");
    let output = succeeded(command.output(), "cargo")?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How many crates are built, beside the empty one.
fn crates(folder: &Path) -> Result<usize, String> {
    let tree = cargo(folder, &["tree", "--edges", "normal,build", "--prefix", "none"])?;
    let names = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let all: HashSet<_> = tree.lines().map(names).filter(|name| !name.is_empty()).collect();
    Ok(all.len().saturating_sub(1))
}

/// The seconds of a build from nothing.
fn build(folder: &Path) -> Result<f64, String> {
    let target = folder.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)
            .map_err(|error| format!("{} cannot be removed: {error}", target.display()))?;
    }
    let begun = Instant::now();
    cargo(folder, &["build"])?;
    Ok(begun.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_of_one_dependency_counts_it() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "hashbrown", "hashbrown = { version = \"0.17\", default-features = false }")
            .unwrap();
        assert_eq!(crates(folder.path()).unwrap(), 1);
    }

    #[test]
    fn what_cannot_be_had_is_named() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "none", "no-such-crate-anywhere = \"1\"").unwrap();
        assert!(crates(folder.path()).unwrap_err().contains("no-such-crate-anywhere"));
    }
}
