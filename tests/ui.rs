//! What does not compile, and what it says; and what compiles in strict crates. One file a rule.

use std::collections::BTreeMap;
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

/// Of what it does not judge but where it is written, a compiler that works incrementally tells for each place: how many more errors
/// there are.
const TOLD_AGAIN: &[(&str, usize)] = &[
    ("arguments_of_a_type_of_the_crate", 1),
    ("arguments_of_a_type_too_many_or_few", 1),
    ("bound_of_a_function_that_is_not_met", 16),
    ("lifetime_that_a_type_has_no_more", 1),
    ("parameter_behind_a_reference_that_is_no_key", 1),
    ("type_that_has_lost_its_lifetime", 3),
    ("type_that_only_the_compiler_can_judge", 2),
];

/// The messages above are those of a compiler that recognises an error it has told of. Incrementally it does not, between functions:
/// so does everybody's `cargo check`.
#[test]
fn messages_are_as_many_where_the_compiler_works_incrementally() {
    if !is_that_compiler() {
        return;
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(tests.join("Cargo.toml")).unwrap();
    let (_, others) = manifest.split_once("[dev-dependencies]").expect("what the files speak of");
    let others = others.split("\n[").next().unwrap_or_default();
    let (mut files, mut expected) = (Vec::new(), BTreeMap::new());
    for file in fs::read_dir(tests.join("ui/fail")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.extension().is_some_and(|extension| extension == "rs") {
            files.push((format!("bin/{name}.rs"), fs::read_to_string(&path).unwrap()));
            let messages = fs::read_to_string(path.with_extension("stderr")).unwrap();
            let more = TOLD_AGAIN.iter().find(|(own, _)| *own == name).map_or(0, |(_, more)| *more);
            expected.insert(name, messages.lines().filter(|line| line.starts_with("error")).count() + more);
        }
    }
    let features = "features = [\"journal\", \"metrics\", \"serde\", \"tokio\", \"tracing\"]";
    let told = told_of(&format!("{features} }}\n{others}"), &files);
    let mut found: BTreeMap<String, usize> = expected.keys().map(|name| (name.clone(), 0)).collect();
    for Told { of, .. } in told {
        *found.entry(of).or_default() += 1;
    }
    let others = expected.iter().filter(|(name, count)| found[*name] != **count);
    let others: Vec<_> = others.map(|(name, count)| (name, *count, found[name])).collect();
    assert!(others.is_empty(), "as many as there should be, and as many as there are: {others:#?}");
}

/// Mistakes of people who have others beside them.
#[test]
fn one_mistake_is_one_error_where_the_compiler_works_incrementally() {
    if !is_that_compiler() {
        return;
    }
    let source = include_str!("ui/incremental/mistakes.rs");
    let told = told_of("}", &[("main.rs".to_owned(), source.to_owned())]);
    let marked = (1..).zip(source.lines()).filter(|(_, line)| line.ends_with("//~"));
    let marked: Vec<u64> = marked.map(|(number, _)| number).collect();
    let mut lines: Vec<u64> = told.iter().map(|own| own.line).collect();
    lines.sort_unstable();
    assert_eq!(lines, marked, "{told:#?}");
}

/// An error.
#[derive(Debug)]
#[expect(dead_code, reason = "the words are shown where there are others than expected")]
struct Told {
    /// The name of its target.
    of: String,
    line: u64,
    words: String,
}

/// The errors of a crate that depends on the library in this way, and has these files.
fn told_of(dependencies: &str, files: &[(String, String)]) -> Vec<Told> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (dir, core) =
        (tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap(), tests.join("../cached-core"));
    let manifest = format!(
        "[package]\nname = \"mistakes\"\nedition = \"2024\"\n[dependencies]\ncached-core = {{ path = {core:?}, {dependencies}\n[workspace]\n"
    );
    fs::create_dir_all(dir.path().join("src/bin")).unwrap();
    fs::write(dir.path().join("Cargo.toml"), manifest).unwrap();
    for (name, content) in files {
        fs::write(dir.path().join("src").join(name), content).unwrap();
    }
    fs::copy(tests.join("../Cargo.lock"), dir.path().join("Cargo.lock")).unwrap();
    let check = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--keep-going", "--message-format=json"])
        .env("CARGO_INCREMENTAL", "1")
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("incremental"))
        .current_dir(dir.path())
        .output()
        .unwrap();
    let told: Vec<_> = String::from_utf8(check.stdout).unwrap().lines().filter_map(Told::read).collect();
    assert!(!told.is_empty(), "{}", String::from_utf8_lossy(&check.stderr));
    told
}

impl Told {
    /// That of a line of what the compiler says, if there is one in it.
    fn read(line: &str) -> Option<Self> {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        let message = line.get("message").filter(|message| message["level"] == "error")?;
        let place = message["spans"].as_array()?.iter().find(|span| span["is_primary"] == true)?;
        Some(Self {
            of: line["target"]["name"].as_str()?.to_owned(),
            line: place["line_start"].as_u64()?,
            words: message["message"].as_str()?.to_owned(),
        })
    }
}
