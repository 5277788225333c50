//! What one type misses is said once, however often a function's head speaks of it, and in whatever it is wrapped.

use std::collections::BTreeSet;

use syn::Type;

use super::lookup;
use crate::fit::parts;
use crate::model::Model;
use crate::shape::Leaf;
use crate::types;

/// Whether this leaf is fit for a key if those are of which that is asked before: owned ones first, as they have to be as fit as
/// borrowed ones.
pub(super) fn is_asked_of_another(model: &Model<'_>, index: usize, leaf: &Leaf) -> bool {
    let is_before = |(other, own): &(usize, &Leaf)| (own.behind, *other) < (leaf.behind, index);
    let before = model.leaves().filter(|(_, own)| lookup::is_asked(model, own)).filter(is_before);
    let asked: BTreeSet<String> = before.flat_map(|(_, own)| parts(model, &own.ty)).collect();
    let own = parts(model, &leaf.ty);
    // A float is compared by its bits where it stands alone, and nowhere else.
    let is_float = |part: &String| part == "f32" || part == "f64";
    !own.is_empty() && own.is_subset(&asked) && !own.iter().any(is_float)
}

/// Whether a value of this type can be kept if the parts of the key are fit for that, which is asked.
pub(super) fn is_key_as_well(model: &Model<'_>, value: &Type) -> bool {
    let asked = model.leaves().filter(|(_, own)| lookup::is_asked(model, own));
    let asked: BTreeSet<String> = asked.flat_map(|(_, own)| parts(model, &own.ty)).collect();
    let kept = types::argument_of(value, "Result").unwrap_or(value);
    let own = parts(model, kept);
    !own.is_empty() && own.is_subset(&asked)
}
