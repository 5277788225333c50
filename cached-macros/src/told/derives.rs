//! Derives of the crate's own types that the compiler makes nothing of: `#[derive(Cone)]`, `#[derive(Clone Hash)]`, `#[drive(Clone)]`.
//! It says so there, and what the type lacks for it would be said once more at each function. For errors alone.

use proc_macro2::Ident;
use syn::punctuated::Punctuated;
use syn::{Attribute, Path, Token, Type};

use super::lacking;
use crate::advice;
use crate::model::Model;
use crate::sources::module::{self, Declared};
use crate::types;

/// What keys and kept values derive.
const ASKED: &[&str] = &["Clone", "Eq", "Hash", "PartialEq"];

/// Whether this is a type of the crate that has lost what it was to derive.
pub(super) fn are_lost(ty: &Type, model: &Model<'_>) -> bool {
    let block = model.own_block().filter(|_| types::is_self(ty));
    let Type::Path(own) = types::peel(block.map_or(ty, |block| &block.self_ty)) else { return false };
    let declared = module::declared(&own.path, model.item.sig.fn_token.span);
    own.qself.is_none() && declared.is_some_and(|own| own.attrs.iter().any(|attr| is_lost(attr, &own)))
}

fn is_lost(attr: &Attribute, own: &Declared) -> bool {
    let Some(name) = attr.path().get_ident() else { return false };
    if name != "derive" {
        return is_meant(name, "derive", own);
    }
    let Ok(names) = attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else {
        return true;
    };
    let is_other = |name: &Path| {
        name.get_ident().is_some_and(|name| ASKED.iter().any(|asked| is_meant(name, asked, own)))
    };
    names.iter().any(is_other)
}

/// Whether a name is that of nothing, and another one misspelt.
fn is_meant(name: &Ident, other: &str, own: &Declared) -> bool {
    let name = name.to_string();
    advice::is_near(&name, other) && !lacking::DERIVED.contains(&name.as_str()) && own.finds_none(&name)
}
