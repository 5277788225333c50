//! Values that are used up by whoever gets them: an iterator, a future. A cache that kept one could answer once.

use proc_macro2::Span;
use syn::Type;

use crate::sources::module::Seen;
use crate::types;

const TRAITS: &[&str] = &["DoubleEndedIterator", "ExactSizeIterator", "Future", "IntoIterator", "Iterator"];

/// Why a returned value cannot be kept, and what to return, if it is one of these.
pub(crate) fn way_out(ty: &Type, is_method: bool, function: Span) -> Option<String> {
    let (bounds, is_boxed) = match types::peel(ty) {
        Type::ImplTrait(object) => (&object.bounds, false),
        ty => (&boxed(ty)?.bounds, true),
    };
    let seen = Seen::from(function);
    bounds.iter().find_map(|bound| match seen.one_of(bound, TRAITS)?.as_str() {
        "Iterator" | "DoubleEndedIterator" | "ExactSizeIterator" | "IntoIterator" => {
            let item = types::item_of(bound).map_or_else(|| "..".to_owned(), types::text);
            Some(format!(
                "an iterator is used up by whoever gets it, and a cache answers many times: collect it, and return `Vec<{item}>`"
            ))
        }
        // That of a method may be what becomes of an `async fn` of a trait.
        "Future" if !(is_boxed && is_method) => Some(
            "a future is used up by whoever awaits it, and a cache answers many times: write an `async fn`, of which what it yields is kept"
                .to_owned(),
        ),
        _ => None,
    })
}

/// The object in a box, whatever box that is.
fn boxed(ty: &Type) -> Option<&syn::TypeTraitObject> {
    match types::peel(ty) {
        Type::TraitObject(object) => Some(object),
        ty => {
            ["Box", "Pin", "Arc", "Rc"].iter().find_map(|name| types::argument_of(ty, name)).and_then(boxed)
        }
    }
}
