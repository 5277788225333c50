//! Derives of the crate's own types that the compiler makes nothing of: `#[derive(Cone)]`, `#[derive(Clone Hash)]`, `#[drive(Clone)]`.
//! It says so there, and what the type lacks for it would be said once more at each function. For errors alone.

use syn::Type;

use super::lacking;
use crate::advice;
use crate::model::Model;
use crate::sources::declared::{Attr, Declared};
use crate::sources::module;
use crate::types;

/// What keys and kept values derive.
const ASKED: &[&str] = &["Clone", "Eq", "Hash", "PartialEq"];

/// Whether this is a type of the crate that has lost what it was to derive.
pub(super) fn are_lost(ty: &Type, model: &Model<'_>) -> bool {
    let block = model.own_block().filter(|_| types::is_self(ty));
    let Type::Path(own) = types::peel(block.map_or(ty, |block| &block.self_ty)) else { return false };
    let declared = module::declared(&own.path, model.item.sig.fn_token.span);
    own.qself.is_none() && declared.is_some_and(|own| own.head.attrs.iter().any(|attr| is_lost(attr, &own)))
}

fn is_lost(attr: &Attr, own: &Declared) -> bool {
    if attr.path != "derive" {
        return is_meant(&attr.path, "derive", own);
    }
    let Some(names) = &attr.derives else { return true };
    let is_known = |name: &String| lacking::DERIVED.contains(&name.as_str());
    let is_other = |name: &String| ASKED.iter().any(|asked| is_meant(name, asked, own));
    names.iter().any(|name| !is_known(name) && is_other(name))
}

/// Whether a name is that of nothing, and another one misspelt.
fn is_meant(name: &str, other: &str, own: &Declared) -> bool {
    advice::is_near(name, other) && !lacking::DERIVED.contains(&name) && own.finds_none(name)
}
