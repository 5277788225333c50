//! Whether a type of the crate, or one that everybody knows, cannot be made into another one: `Query` of `Page<Query>`, where that is
//! `struct Page<T: Into<String>>`. For errors alone, and only where it is sure.

use proc_macro2::Ident;
use quote::quote;
use syn::{GenericArgument, Path, PathArguments, Type, TypeParamBound};

use super::lacking;
use crate::generics::Bounds;
use crate::model::Model;
use crate::sources::declared::Declared;
use crate::sources::implementors::Files;
use crate::sources::module;
use crate::types;

/// Whether this bound of a declared type asks for what this type cannot be made into.
pub(super) fn lacks(ty: &Type, bound: &TypeParamBound, declared: &Declared, model: &Model<'_>) -> bool {
    let (TypeParamBound::Trait(asked), Type::Path(path)) = (bound, types::peel(ty)) else { return false };
    let of_trait =
        declared.standard(bound).into_iter().find(|name| ["Into", "TryInto"].contains(&name.as_str()));
    let (Some(of_trait), Some(target), None) = (of_trait, argument(&asked.path), &path.qself) else {
        return false;
    };
    let function = model.item.sig.fn_token.span;
    let is_text = target.is_ident("String") && module::leaves("String", function);
    let is_known = is_text
        || types::PRIMITIVES.iter().any(|name| target.is_ident(name))
        || module::declared(&target, function).is_some_and(|own| own.head.params + own.head.lifetimes == 0);
    if !is_known || target.get_ident() == path.path.get_ident() {
        return false;
    }
    if lacking::is_parameter(&path.path, model) {
        let is_simple = is_text || types::PRIMITIVES.iter().any(|name| target.is_ident(name));
        // A clause may say it of the other type.
        let clauses = model.all_generics().filter_map(|generics| generics.where_clause.as_ref());
        let is_turned = |name: &Ident| name == "From" || name == "TryFrom";
        let may_be_said = types::any_ident(quote!(#(#clauses)*), &mut |name| is_turned(name));
        let asked = ["Into", "TryInto"];
        let lack = |bounds: &Bounds| bounds.missing(&asked).len() == asked.len();
        return is_simple && !may_be_said && lacking::is_any_parameter(&path.path, model, &lack);
    }
    match module::declared(&path.path, function) {
        Some(own) => {
            let name = own.head.name.as_str();
            lacking::derives_what_is_known(&own)
                && Files::around(function).is_some_and(|files| files.have_no_conversion_of(name))
        }
        // Nobody but the standard library can make one of its types into another one of them.
        None => is_text && of_trait == "Into" && lacking::is_no_text(&path.path, function),
    }
}

fn argument(path: &Path) -> Option<Path> {
    let PathArguments::AngleBracketed(given) = &path.segments.last()?.arguments else { return None };
    match given.args.first()? {
        GenericArgument::Type(Type::Path(target)) if given.args.len() == 1 && target.qself.is_none() => {
            Some(target.path.clone())
        }
        _ => None,
    }
}
