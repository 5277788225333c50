//! Whether types are surely fit to be kept, as their names and what they derive say: then a function can be memoized without options
//! that have a mistake in them, whatever those would have said. For errors alone.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::Type;

use crate::model::Model;
use crate::sources::{module, outside};
use crate::types;

/// Whether all types in the head of a function are fit for a key and for what is kept.
pub(crate) fn is_surely(model: &Model<'_>) -> bool {
    let returned = types::argument_of(&model.returned, "Result").unwrap_or(&model.returned);
    let key =
        model.params.iter().all(|param| is_fit(model, &param.ty, &["Clone", "Eq", "Hash", "PartialEq"]));
    key && (types::is_plain_value(returned) || is_fit(model, returned, &["Clone"]))
}

fn is_fit(model: &Model<'_>, ty: &Type, derived: &[&str]) -> bool {
    let is_borrowed = types::as_reference(ty).is_some_and(|reference| types::is_plain_key(&reference.elem));
    is_borrowed
        || parts(model, ty).iter().all(|part| {
            let path = syn::parse_str(part).ok();
            let own = path.and_then(|path| module::declared(&path, model.item.sig.fn_token.span));
            own.is_some_and(|own| {
                derived.iter().all(|name| own.derives(name)) && own.generics.params.is_empty()
            })
        })
}

/// The types that one is put together from, but for those that everybody knows: it can be compared and cloned as they can.
pub(crate) fn parts(model: &Model<'_>, ty: &Type) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(model, ty, &mut found);
    found
}

fn collect(model: &Model<'_>, ty: &Type, found: &mut BTreeSet<String>) {
    const ALIKE: &[&str] = &["Box", "Option", "Vec", "VecDeque"];
    if types::is_plain_key(ty) {
        return;
    }
    match types::peel(ty) {
        Type::Reference(reference) => collect(model, &reference.elem, found),
        Type::Slice(slice) => collect(model, &slice.elem, found),
        Type::Array(array) => collect(model, &array.elem, found),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|elem| collect(model, elem, found)),
        Type::Path(path) if ALIKE.iter().any(|name| types::argument_of(ty, name).is_some()) => {
            outside::arguments(&path.path).into_iter().for_each(|ty| collect(model, ty, found));
        }
        own => {
            let meant = model.own_block().filter(|_| types::is_self(own)).map(|block| &block.self_ty);
            found.insert(meant.unwrap_or(own).to_token_stream().to_string());
        }
    }
}
