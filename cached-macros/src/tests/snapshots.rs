//! Whole expansions, to be read. After a change on purpose: `UPDATE_SNAPSHOTS=1 cargo test -p cached-macros`, and look
//! at what is different.

use std::path::Path;

use super::edits::expand;
use crate::types;

/// The expansion, as rustfmt would write it.
fn formatted(args: &str, item: &str) -> String {
    let file = syn::parse2(expand(args, item)).expect("an expansion is a list of items");
    prettyplease::unparse(&file)
}

fn compare(name: &str, text: &str) {
    compare_at(&Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(name), text);
}

/// Whether a file is what it should be; makes it so where that is asked for.
pub(super) fn compare_at(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(path, text).expect("the directory is there");
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    assert!(known == text, "{} is no longer what is written:\n{text}", path.display());
}

const PLAIN: &str = "
    /// Price of an item in a currency.
    pub fn price(id: u32, currency: &str) -> u64 {
        query(id, currency)
    }
";

#[test]
fn plain_function() {
    compare("plain_function.rs", &formatted("", PLAIN));
}

#[test]
fn method_block() {
    let block = "
        impl Desk {
            /// What an item costs at this desk.
            #[memoize(max = 100)]
            pub fn price(&self, id: u32) -> Option<u64> {
                self.prices.get(id)
            }
            #[memoize]
            fn rate(currency: &str) -> f64 {
                ask(currency)
            }
        }
    ";
    compare("method_block.rs", &formatted("", block));
}

#[test]
fn async_generic() {
    let function = "
        async fn fetch<T: Record>(id: u32) -> Result<T, Error> {
            T::select(id).await
        }
    ";
    compare("async_generic.rs", &formatted("ttl = 60s, max = 1000", function));
}

#[test]
fn a_plain_function_stays_short_and_holds_no_control_flow() {
    let lines = formatted("", PLAIN).lines().count();
    assert!(lines < 60, "{lines} lines");
    for keyword in ["if", "match", "loop", "while", "in", "return", "break"] {
        assert!(!types::mentions(expand("", PLAIN), keyword), "{keyword}");
    }
}

/// What is not written here is not compiled for each function.
#[test]
fn verbs_are_those_of_the_library_wherever_they_can_be() {
    let all = [
        ("", "fn f(text: &str) -> u64 { 0 }", "Companion"),
        ("ttl = 60s", "fn f(text: String, n: u32) -> Vec<u64> { Vec::new() }", "OwningCompanion"),
        ("key = text.len()", "fn f(text: &str) -> u64 { 0 }", "KeyedCompanion"),
        ("key = text.trim().to_owned()", "fn f(text: String) -> u64 { 0 }", "KeyedCompanion"),
        ("max = 100", "async fn f(text: &str) -> Option<u64> { None }", "AsyncCompanion"),
        ("", "async fn f(text: String) -> u64 { 0 }", "AsyncOwningCompanion"),
    ];
    for (options, function, companion) in all {
        let written = expand(options, function);
        assert!(types::mentions(written.clone(), companion), "{companion} of {function}: {written}");
        for verb in ["invalidate", "peek", "cache_info", "warm_with"] {
            assert!(!types::mentions(written.clone(), verb), "{verb} of {function}");
        }
    }
}
