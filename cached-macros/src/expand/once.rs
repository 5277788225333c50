//! What one type misses is said once, however often a function's head speaks of it.

use quote::quote;
use syn::Type;

use super::lookup;
use crate::model::Model;
use crate::shape::Leaf;
use crate::types;

/// Whether this leaf is fit for a key if another one is, which is asked.
pub(super) fn is_asked_of_another(model: &Model<'_>, index: usize, leaf: &Leaf) -> bool {
    let mut others = model.leaves().filter(|(other, own)| *other != index && lookup::is_asked(model, own));
    others.any(|(other, own)| {
        if is_same(&own.ty, &leaf.ty) {
            // An owned one has to be as fit as a borrowed one. Of equals the first is asked.
            (!own.behind && leaf.behind) || (own.behind == leaf.behind && other < index)
        } else {
            elements(&own.ty).any(|elem| is_same(elem, &leaf.ty))
        }
    })
}

/// Whether a value of this type can be kept if a part of the key is fit for that, which is asked.
pub(super) fn is_key_as_well(model: &Model<'_>, value: &Type) -> bool {
    model.leaves().any(|(_, leaf)| !leaf.behind && lookup::is_asked(model, leaf) && is_same(&leaf.ty, value))
}

/// The types of what a list holds, and of what that holds: it can be compared and cloned as they can.
fn elements(ty: &Type) -> impl Iterator<Item = &Type> {
    std::iter::successors(element(ty), |&ty| element(ty))
}

fn element(ty: &Type) -> Option<&Type> {
    match types::peel(ty) {
        Type::Slice(slice) => Some(&slice.elem),
        Type::Array(array) => Some(&array.elem),
        _ => None,
    }
}

fn is_same(one: &Type, other: &Type) -> bool {
    quote!(#one).to_string() == quote!(#other).to_string()
}
