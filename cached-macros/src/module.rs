//! What stands in the module of a function, read from the source file: so that what is missing can be said before the compiler
//! says it piece by piece. In a module a name can be of nothing else.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, GenericArgument, Generics, ItemTrait, PathArguments, Type, TypeParamBound, Visibility};

use crate::around::Place;
use crate::types;

/// The trait that this bound names, if it stands in the module of this function.
pub(crate) fn trait_of(bound: &TypeParamBound, function: Span) -> Option<ItemTrait> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    let segment = bound.path.segments.first().filter(|_| bound.path.segments.len() == 1)?;
    let found = item(&["trait"], &segment.ident, function)?;
    found.head::<ItemTrait>().filter(|found| found.attrs.iter().all(is_silent))
}

/// The part of a type whose lifetime is not written, if it is one of the module of this function.
pub(crate) fn hidden_borrow(ty: &Type, function: Span) -> Option<&Type> {
    let ty = types::peel(ty);
    match ty {
        Type::Reference(reference) => hidden_borrow(&reference.elem, function),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(|elem| hidden_borrow(elem, function)),
        Type::Array(array) => hidden_borrow(&array.elem, function),
        Type::Slice(slice) => hidden_borrow(&slice.elem, function),
        Type::Path(path) if path.qself.is_none() => {
            let last = path.path.segments.last()?;
            let arguments = match &last.arguments {
                PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
                _ => None,
            };
            let is_said = |argument: &GenericArgument| matches!(argument, GenericArgument::Lifetime(_));
            let is_said = arguments.is_some_and(|arguments| arguments.iter().any(is_said));
            let found = (path.path.segments.len() == 1 && !is_said)
                .then(|| item(&["struct", "enum", "union", "type"], &last.ident, function)?.head::<Head>())
                .flatten();
            if found.is_some_and(|found| found.generics.lifetimes().next().is_some()) {
                return Some(ty);
            }
            arguments?.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => hidden_borrow(ty, function),
                _ => None,
            })
        }
        _ => None,
    }
}

/// The beginning of a type's definition.
struct Head {
    generics: Generics,
}

impl Parse for Head {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        input.call(Ident::parse_any)?;
        input.parse::<Ident>()?;
        let generics = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok(Self { generics })
    }
}

/// The item of one of these kinds that has this name in the module of a function.
fn item(kinds: &[&str], name: &Ident, function: Span) -> Option<Place> {
    let mut place = Place::of(function)?;
    if let Some(around) = place.around().filter(|around| matches!(around.word(0), "impl" | "trait")) {
        place = around;
    }
    // What stands in the body of a function may be hidden by other names in it.
    if place.around().is_some_and(|around| around.word(0) != "mod") {
        return None;
    }
    place.beside().find(|other| kinds.contains(&other.word(0)) && name == other.word(1) && !other.says("cfg"))
}

/// Whether an attribute leaves a trait what it is.
fn is_silent(attr: &Attribute) -> bool {
    const SILENT: &[&str] = &["doc", "allow", "expect", "warn", "deny", "deprecated", "must_use"];
    SILENT.iter().any(|name| attr.path().is_ident(name))
}
