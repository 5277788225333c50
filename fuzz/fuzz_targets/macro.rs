//! Attributes and items with mistakes in them: no panic, and what is written can be read.
#![no_main]

extern crate proc_macro;

#[path = "../../cached-macros/src/advice.rs"]
mod advice;
#[path = "../../cached-macros/src/age.rs"]
mod age;
#[path = "../../cached-macros/src/aliases.rs"]
mod aliases;
#[path = "../../cached-macros/src/alone.rs"]
mod alone;
#[path = "../../cached-macros/src/batch.rs"]
mod batch;
#[path = "../../cached-macros/src/block.rs"]
mod block;
#[path = "../../cached-macros/src/check.rs"]
mod check;
#[path = "../../cached-macros/src/closures.rs"]
mod closures;
#[path = "../../cached-macros/src/conditional.rs"]
mod conditional;
#[path = "../../cached-macros/src/diag.rs"]
mod diag;
#[path = "../../cached-macros/src/duration.rs"]
mod duration;
#[path = "../../cached-macros/src/elided.rs"]
mod elided;
#[path = "../../cached-macros/src/expand/mod.rs"]
mod expand;
#[path = "../../cached-macros/src/fit.rs"]
mod fit;
#[path = "../../cached-macros/src/formatted.rs"]
mod formatted;
#[path = "../../cached-macros/src/generics.rs"]
mod generics;
#[path = "../../cached-macros/src/hidden.rs"]
mod hidden;
#[path = "../../cached-macros/src/instance.rs"]
mod instance;
#[path = "../../cached-macros/src/item.rs"]
mod item;
#[path = "../../cached-macros/src/key/mod.rs"]
mod key;
#[path = "../../cached-macros/src/lacks.rs"]
mod lacks;
#[path = "../../cached-macros/src/late.rs"]
mod late;
#[path = "../../cached-macros/src/laziness.rs"]
mod laziness;
#[path = "../../cached-macros/src/lifetimes.rs"]
mod lifetimes;
#[path = "../../cached-macros/src/model/mod.rs"]
mod model;
#[path = "../../cached-macros/src/options/mod.rs"]
mod options;
#[path = "../../cached-macros/src/patterns.rs"]
mod patterns;
#[path = "../../cached-macros/src/recursion.rs"]
mod recursion;
#[path = "../../cached-macros/src/scope.rs"]
mod scope;
#[path = "../../cached-macros/src/selves.rs"]
mod selves;
#[path = "../../cached-macros/src/shape.rs"]
mod shape;
#[path = "../../cached-macros/src/sources/mod.rs"]
mod sources;
#[path = "../../cached-macros/src/suggest.rs"]
mod suggest;
#[path = "../../cached-macros/src/tags.rs"]
mod tags;
#[path = "../../cached-macros/src/told/mod.rs"]
mod told;
#[path = "../../cached-macros/src/types/mod.rs"]
mod types;
#[path = "../../cached-macros/src/unknown.rs"]
mod unknown;
#[path = "../../cached-macros/src/unsized_types.rs"]
mod unsized_types;
#[path = "../../cached-macros/src/used_up.rs"]
mod used_up;
#[path = "../../cached-macros/src/values.rs"]
mod values;
#[path = "../../cached-macros/src/weight.rs"]
mod weight;
#[path = "../../cached-macros/src/writers/mod.rs"]
mod writers;
#[path = "../../cached-macros/src/tests/edits.rs"]
mod edits;

use edits::{ARGS, Edit, ITEMS, TOKENS};

/// Four bytes an edit: of the attribute or the item, which one, and where.
fn edits_of(bytes: &[u8]) -> [Vec<Edit>; 2] {
    let mut edits = [Vec::new(), Vec::new()];
    for chunk in bytes.chunks_exact(4) {
        let (a, b) = (usize::from(chunk[1]), usize::from(chunk[2]));
        edits[usize::from(chunk[0] >> 7)].push(match chunk[0] % 6 {
            0 => Edit::Drop(a),
            1 => Edit::Double(a),
            2 => Edit::Swap(a, b),
            3 => Edit::Group(a, b, chunk[3]),
            _ => Edit::Put(a, TOKENS[b % TOKENS.len()].to_owned()),
        });
    }
    edits
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&[args, item], rest)) = data.split_first_chunk() else { return };
    let [of_args, of_item] = edits_of(rest);
    let args = edits::edited(ARGS[usize::from(args) % ARGS.len()], &of_args);
    let item = edits::edited(ITEMS[usize::from(item) % ITEMS.len()], &of_item);
    if let (Some(args), Some(item)) = (args, item) {
        edits::check(&args, &item);
    }
    // Every text that was read is kept, for the places of its tokens: of those there are none any more.
    proc_macro2::extra::invalidate_current_thread_spans();
});
