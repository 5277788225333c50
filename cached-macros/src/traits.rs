//! What a trait of the user's asks for, where it stands in the module of the function whose parameter is of it: read from
//! the source file, so that what is missing can be said before the compiler says it piece by piece.

use proc_macro2::Span;
use syn::{Attribute, ItemTrait, TypeParamBound};

use crate::around::Place;

/// The trait that this bound names, if it stands in the module of this function: there a name can be of nothing else.
pub(crate) fn of_module(bound: &TypeParamBound, function: Span) -> Option<ItemTrait> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    let segment = bound.path.segments.first().filter(|_| bound.path.segments.len() == 1)?;
    let name = segment.ident.to_string();
    let mut place = Place::of(function)?;
    if let Some(around) = place.around().filter(|around| matches!(around.word(0), "impl" | "trait")) {
        place = around;
    }
    // What stands in the body of a function may be hidden by other names in it.
    if place.around().is_some_and(|around| around.word(0) != "mod") {
        return None;
    }
    let found = place.beside().find(|other| other.word(0) == "trait" && other.word(1) == name)?;
    found.head::<ItemTrait>().filter(|found| found.attrs.iter().all(is_silent))
}

/// Whether an attribute leaves a trait what it is.
fn is_silent(attr: &Attribute) -> bool {
    const SILENT: &[&str] = &["doc", "allow", "expect", "warn", "deny", "deprecated", "must_use"];
    SILENT.iter().any(|name| attr.path().is_ident(name))
}
