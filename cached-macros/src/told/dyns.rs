//! `dyn Trait` of a trait of which there can be none. The compiler says so of the head. For errors alone.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{FnArg, ReturnType, Signature, TraitItemFn, Type, TypeParamBound, TypeTraitObject};

use crate::sources::around::Place;
use crate::sources::module::Seen;
use crate::types;

/// Traits of the standard library of which there is no object.
const STANDARD: &[&str] =
    &["Clone", "Copy", "Default", "Eq", "FromStr", "Hash", "Ord", "PartialEq", "PartialOrd", "Sized"];

/// How many traits are followed that ask for others.
const FAR: u8 = 8;

/// Whether there is surely no such object.
pub(crate) fn is_none(object: &TypeTraitObject, function: Span) -> bool {
    let seen = Seen::from(function);
    object.bounds.iter().any(|bound| is_no_object(bound, &seen, FAR))
}

fn is_no_object(bound: &TypeParamBound, from: &Seen, far: u8) -> bool {
    if let Some(name) = from.standard_trait(bound) {
        // Compared with something else, an object can be.
        return !has_arguments(bound) && STANDARD.contains(&name.as_str());
    }
    let Some((own, its)) = from.trait_of(bound).filter(|_| far > 0) else { return false };
    own.supertraits.iter().any(|bound| is_no_object(bound, &its, far - 1))
        || from.items_of(bound).iter().any(is_for_none)
}

fn has_arguments(bound: &TypeParamBound) -> bool {
    match bound {
        TypeParamBound::Trait(bound) => {
            bound.path.segments.last().is_some_and(|last| !last.arguments.is_none())
        }
        _ => false,
    }
}

/// Whether what is in a trait makes it one without objects.
fn is_for_none(item: &Place) -> bool {
    match item.word(0) {
        "fn" => item.head::<TraitItemFn>().is_some_and(|method| is_for_what_has_a_size(&method.sig)),
        "type" | "use" => false,
        // The keyword is none of its first words.
        _ => item.says("const ") && !item.is_macro(),
    }
}

/// Whether a method cannot be called by way of an object, and does not say so.
fn is_for_what_has_a_size(sig: &Signature) -> bool {
    let clause = sig.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let mut predicates = clause.map(|predicate| predicate.to_token_stream().to_string());
    if predicates.any(|predicate| predicate.starts_with("Self :") && predicate.contains("Sized")) {
        return false;
    }
    let inputs = sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => Some(&*input.ty),
        FnArg::Receiver(_) => None,
    });
    let returned = match &sig.output {
        ReturnType::Type(_, ty) => Some(&**ty),
        ReturnType::Default => None,
    };
    let is_odd = |ty: &Type| matches!(types::peel(ty), Type::ImplTrait(_)) || is_self_alone(ty);
    sig.receiver().is_none()
        || sig.asyncness.is_some()
        || sig.generics.type_params().next().is_some()
        || inputs.chain(returned).any(is_odd)
}

/// Whether a type speaks of `Self`, and not of `Self::Out`.
fn is_self_alone(ty: &Type) -> bool {
    let text = ty.to_token_stream().to_string();
    text.match_indices("Self").any(|(at, name)| !text[at + name.len()..].trim_start().starts_with("::"))
}
