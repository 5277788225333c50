//! Where and of what the figures come.

use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};

/// Where a run took place, as far as that can be said, and what was compared.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) cores: usize,
    pub(crate) arch: String,
    pub(crate) os: String,
    pub(crate) processor: Option<String>,
    pub(crate) compiler: Option<String>,
    /// Threads that wanted a core in the minute before.
    pub(crate) load: Option<f64>,
    pub(crate) debug_build: bool,
    /// The libraries, each with its version.
    pub(crate) versions: Vec<(String, String)>,
}

/// What is compared, by its name on the registry.
const LIBRARIES: &[&str] =
    &["hashbrown", "cached", "memoize", "cachelito", "quick_cache", "moka", "foyer", "papaya", "dashmap"];

impl Machine {
    pub(crate) fn this() -> Self {
        Self {
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            arch: std::env::consts::ARCH.to_owned(),
            os: std::env::consts::OS.to_owned(),
            processor: fs::read_to_string("/proc/cpuinfo").ok().as_deref().and_then(processor),
            compiler: compiler(),
            load: fs::read_to_string("/proc/loadavg").ok().as_deref().and_then(load),
            debug_build: cfg!(debug_assertions),
            versions: versions(include_str!("../../Cargo.lock")),
        }
    }

    /// The machine in a few lines.
    pub(crate) fn lines(&self, rounds: usize) -> Vec<String> {
        let Self { cores, arch, os, .. } = self;
        let processor = self.processor.as_deref().unwrap_or(arch);
        let compiler = self.compiler.as_deref().unwrap_or("a compiler that does not say its version");
        let mut lines = vec![format!("{processor}, {cores} cores available, {os}; {compiler}.")];
        let mut line = String::from("Compared:");
        for (name, version) in &self.versions {
            let item = format!(" {name} {version},");
            if line.chars().count() + item.chars().count() > 98 {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(if line.is_empty() { item.trim_start() } else { &item });
        }
        lines.push(line.trim_end_matches(',').to_owned() + ".");
        lines.push(format!("Medians of {rounds} rounds in which the contenders took turns."));
        if let Some(load) = self.load.filter(|&load| load >= BUSY) {
            lines
                .push(format!("The machine was busy before the run began (load {load}): disturbed figures."));
        }
        if self.debug_build {
            lines.push("A DEBUG BUILD: the figures mean nothing.".to_owned());
        }
        lines
    }
}

/// A load from which on others are at work. That of the compiler, which built this just before, is still seen in it.
const BUSY: f64 = 1.5;

fn processor(cpuinfo: &str) -> Option<String> {
    let line = cpuinfo.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn load(loadavg: &str) -> Option<f64> {
    loadavg.split_whitespace().next()?.parse().ok()
}

/// That of the command line, which is the one that built this unless somebody went to lengths.
fn compiler() -> Option<String> {
    let output = Command::new("rustc").arg("--version").output().ok()?;
    let line = String::from_utf8(output.stdout).ok()?;
    let words: Vec<_> = line.split_whitespace().take(2).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// From a lock file. Of several versions the last, which is the highest, and the one this crate asks for.
fn versions(lock: &str) -> Vec<(String, String)> {
    let value = |line: &str, key: &str| {
        Some(line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')?.to_owned())
    };
    let of = |library: &&str| {
        let mut lines = lock.lines();
        let mut found = None;
        while let Some(line) = lines.next() {
            if value(line, "name").as_deref() == Some(*library) {
                found = lines.next().and_then(|line| value(line, "version"));
            }
        }
        Some(((*library).to_owned(), found?))
    };
    LIBRARIES.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_compared_has_a_version() {
        let machine = Machine::this();
        assert_eq!(machine.versions.len(), LIBRARIES.len());
        assert!(machine.lines(7).iter().all(|line| line.chars().count() <= 100));
        assert!(machine.lines(7).concat().contains("cached 4."));
    }

    #[test]
    fn the_last_of_several_versions_counts() {
        let lock = "[[package]]\nname = \"hashbrown\"\nversion = \"0.14.5\"\n\n[[package]]\nname = \"hashbrown\"\nversion = \"0.17.1\"\n";
        assert_eq!(versions(lock), [("hashbrown".to_owned(), "0.17.1".to_owned())]);
    }

    #[test]
    fn the_kernels_files_are_understood() {
        assert_eq!(processor("x : 1\nmodel name\t: Some CPU @ 3 GHz\n").as_deref(), Some("Some CPU @ 3 GHz"));
        assert_eq!(load("0.52 0.58 0.59 1/614 1234\n"), Some(0.52));
    }
}
