//! Whether types are surely fit to be kept, as their names and what they derive say: then a function can be memoized without options
//! that have a mistake in them, whatever those would have said. For errors alone.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::{Path, Type};

use crate::key::Part;
use crate::model::Model;
use crate::sources::{module, outside};
use crate::types;

/// Whether all types in the head of a function are fit for a key and for what is kept.
pub(crate) fn is_surely(model: &Model<'_>) -> bool {
    const KEPT: &[&str] = &["Arc", "BTreeMap", "BTreeSet", "HashMap", "HashSet"];
    let returned = types::argument_of(&model.returned, "Result").unwrap_or(&model.returned);
    let shared: &[&str] = if model.is_of_thread() { &["Arc", "Rc"] } else { &["Arc"] };
    let is_key = |part: &Part| match part {
        Part::Param(index) => {
            let derived = ["Clone", "Eq", "Hash", "PartialEq"];
            is_fit(model, &model.params[*index].ty, &[ALIKE, shared].concat(), &derived)
        }
        Part::Expr(_) => true,
    };
    let kept = [ALIKE, shared, KEPT].concat();
    let is_kept = || types::is_plain_value(returned) || is_fit(model, returned, &kept, &["Clone"]);
    model.parts.iter().all(is_key) && is_kept()
}

/// Of a type that is put together from others by these, whether they derive these traits. What is a parameter has what it needs in
/// its bounds, or that has been told.
fn is_fit(model: &Model<'_>, ty: &Type, alike: &[&str], derived: &[&str]) -> bool {
    let is_borrowed = types::as_reference(ty).is_some_and(|reference| types::is_plain_key(&reference.elem));
    let mut parts = BTreeSet::new();
    collect(model, ty, alike, &mut parts);
    is_borrowed
        || parts.iter().all(|part| {
            let Ok(path) = syn::parse_str::<Path>(part) else { return false };
            let own = module::declared(&path, model.item.sig.fn_token.span);
            let is_param = path.get_ident().is_some_and(|name| model.names.declares(name));
            is_param
                || own.is_some_and(|own| {
                    let given = types::arguments(&path);
                    let is_open = |ty: &&Type| !model.names.are_in(*ty) && !types::is_plain_key(ty);
                    derived.iter().all(|name| own.head.derives(name))
                        && own.head.lifetimes == 0
                        && own.head.params == given.len()
                        && !given.iter().any(is_open)
                })
        })
}

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
