//! Whatever it is given, the attribute does not panic, and what it writes can be read: errors come as errors.

use proptest::prelude::*;
use proptest::sample::select;

use super::edits::{ARGS, Edit, ITEMS, TOKENS, check, edited};

fn edit() -> impl Strategy<Value = Edit> {
    let at = 0..64_usize;
    prop_oneof![
        at.clone().prop_map(Edit::Drop),
        at.clone().prop_map(Edit::Double),
        (at.clone(), at.clone()).prop_map(|(a, b)| Edit::Swap(a, b)),
        (at.clone(), select(TOKENS)).prop_map(|(a, token)| Edit::Put(a, token.to_owned())),
        (at.clone(), at, any::<u8>()).prop_map(|(a, b, kind)| Edit::Group(a, b, kind)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn edited_attributes_and_items(
        (args, item) in (select(ARGS), select(ITEMS)),
        of_args in proptest::collection::vec(edit(), 0..4),
        of_item in proptest::collection::vec(edit(), 0..4),
    ) {
        if let (Some(args), Some(item)) = (edited(args, &of_args), edited(item, &of_item)) {
            check(&args, &item);
        }
    }

    #[test]
    fn edited_attributes_on_sound_items((args, item) in (select(ARGS), select(ITEMS)), edits in proptest::collection::vec(edit(), 0..6)) {
        if let Some(args) = edited(args, &edits) {
            check(&args, item);
        }
    }

    #[test]
    fn any_tokens(args in proptest::collection::vec(select(TOKENS), 0..12), item in proptest::collection::vec(select(TOKENS), 0..12)) {
        check(&args.join(" "), &item.join(" "));
    }
}

#[test]
fn every_attribute_on_every_item() {
    for args in ARGS {
        ITEMS.iter().for_each(|item| check(args, item));
    }
}

#[test]
fn the_fuzzer_has_all_modules() {
    let read = |path: &str| {
        let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let (library, fuzzer) = (read("src/lib.rs"), read("../fuzz/fuzz_targets/macro.rs"));
    let modules = library.lines().filter(|line| line.starts_with("mod ") && *line != "mod tests;");
    let missing: Vec<_> = modules.filter(|line| !fuzzer.lines().any(|other| other == *line)).collect();
    assert!(missing.is_empty(), "fuzz_targets/macro.rs: {missing:?}");
}
