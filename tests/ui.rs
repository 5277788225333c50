//! What does not compile, and what it says; and what compiles in strict crates. One file a rule.

use std::process::Command;

/// The compiler whose words the expected messages quote. Ours are the same under any other, the rest may differ.
const COMPILER: &str = "rustc 1.95.";

fn is_that_compiler() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
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
