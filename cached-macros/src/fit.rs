//! The types that one is put together from. For errors alone.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::{Path, Type};

use crate::model::Model;
use crate::sources::outside;
use crate::types;

const ALIKE: &[&str] = &["Box", "Option", "Vec", "VecDeque"];

/// The types that one is put together from, but for those that everybody knows: it can be compared and cloned as they can.
pub(crate) fn parts(model: &Model<'_>, ty: &Type) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(model, ty, ALIKE, &mut found);
    found
}

/// The same where it is only compared: a shared one is compared by what it holds.
pub(crate) fn compared(model: &Model<'_>, ty: &Type) -> BTreeSet<String> {
    const SHARED: &[&str] = &["Arc", "Rc"];
    // One of the crate's own may be compared by anything.
    let is_other = |part: &Type| match types::peel(part) {
        Type::Path(path) if SHARED.iter().any(|name| types::argument_of(part, name).is_some()) => {
            let full = outside::full_name(&path.path, model.item.sig.fn_token.span);
            full.is_none_or(|full| full != "sync::Arc" && full != "rc::Rc")
        }
        _ => false,
    };
    let mut found = BTreeSet::new();
    let shared = if types::any_part(ty, &is_other) { &[] } else { SHARED };
    collect(model, ty, &[ALIKE, shared].concat(), &mut found);
    found
}

/// The same but for those behind references, which are not cloned with it.
pub(crate) fn held(model: &Model<'_>, ty: &Type) -> BTreeSet<String> {
    let is_reference = |ty: &Type| matches!(types::peel(ty), Type::Reference(_));
    if types::any_part(ty, &is_reference) { BTreeSet::new() } else { parts(model, ty) }
}

/// Whether a path may be one of the standard library.
fn is_of_std(path: &Path) -> bool {
    const STD: &[&str] = &["alloc", "core", "std"];
    path.segments.len() == 1 || STD.iter().any(|name| path.segments[0].ident == name)
}

fn collect(model: &Model<'_>, ty: &Type, alike: &[&str], found: &mut BTreeSet<String>) {
    if types::is_plain_key(ty) {
        return;
    }
    match types::peel(ty) {
        Type::Reference(reference) => collect(model, &reference.elem, alike, found),
        Type::Slice(slice) => collect(model, &slice.elem, alike, found),
        Type::Array(array) => collect(model, &array.elem, alike, found),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|elem| collect(model, elem, alike, found)),
        Type::Path(path)
            if is_of_std(&path.path) && alike.iter().any(|name| types::argument_of(ty, name).is_some()) =>
        {
            types::arguments(&path.path).into_iter().for_each(|ty| collect(model, ty, alike, found));
        }
        own => {
            let meant = model.own_block().filter(|_| types::is_self(own)).map(|block| &block.self_ty);
            found.insert(meant.unwrap_or(own).to_token_stream().to_string());
        }
    }
}
