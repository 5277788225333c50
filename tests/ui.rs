//! What does not compile, and what it says; and what compiles in strict crates. One file a rule.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// The compiler whose words the expected messages quote. Ours are the same under any other, the rest may differ.
const COMPILER: &str = "rustc 1.95.";

fn is_that_compiler() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().expect("cargo has found a compiler");
    String::from_utf8_lossy(&version.stdout).starts_with(COMPILER)
}

#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    if is_that_compiler() {
        cases.compile_fail("ui/fail/*.rs");
    } else {
        eprintln!("the messages of compile errors are compared under {COMPILER}* only");
    }
}

/// The messages above are those of a compiler that recognises an error it has told of. Incrementally it does not, between functions.
#[test]
fn one_mistake_is_one_error_where_the_compiler_works_incrementally() {
    if !is_that_compiler() {
        return;
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("incremental");
    let source = fs::read_to_string(tests.join("ui/incremental/mistakes.rs")).unwrap();
    let manifest = format!(
        "[package]\nname = \"mistakes\"\nedition = \"2024\"\n[dependencies]\ncached-core = {{ path = {:?} }}\n[workspace]\n",
        tests.join("../cached-core")
    );
    fs::create_dir_all(dir.join("src")).unwrap();
    fs::write(dir.join("Cargo.toml"), manifest).unwrap();
    fs::write(dir.join("src/main.rs"), &source).unwrap();
    fs::copy(tests.join("../Cargo.lock"), dir.join("Cargo.lock")).unwrap();
    let check = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--message-format=json"])
        .env("CARGO_INCREMENTAL", "1")
        .env("CARGO_TARGET_DIR", dir.join("target"))
        .current_dir(&dir)
        .output()
        .unwrap();
    let messages = String::from_utf8(check.stdout).unwrap();
    let told: Vec<_> = messages.lines().filter_map(error).collect();
    let words = String::from_utf8_lossy(&check.stderr);
    assert!(!told.is_empty(), "{words}");
    let marked = (1..).zip(source.lines()).filter(|(_, line)| line.ends_with("//~"));
    let marked: Vec<u64> = marked.map(|(number, _)| number).collect();
    let mut lines: Vec<u64> = told.iter().map(|(line, _)| *line).collect();
    lines.sort_unstable();
    assert_eq!(lines, marked, "{told:#?}");
}

/// The line and the words of an error of the crate, if this is one.
fn error(line: &str) -> Option<(u64, String)> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    let message = line.get("message").filter(|message| message["level"] == "error")?;
    let spans = message["spans"].as_array()?;
    let place = spans.iter().find(|span| span["is_primary"] == true)?;
    Some((place["line_start"].as_u64()?, message["message"].as_str()?.to_owned()))
}
