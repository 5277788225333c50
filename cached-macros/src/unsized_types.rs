//! Types without a size, taken or returned by value: `str` where `&str` was meant. The compiler would say so at every place that
//! speaks of the argument.

use proc_macro2::Span;
use syn::{FnArg, ReturnType, Type};

use crate::diag::Diag;
use crate::item::Item;
use crate::sources::{module, outside};
use crate::types;

/// The function as it may have been meant, beside an error for each such type; `None` where there is none.
pub(crate) fn mended(item: &Item, diag: &mut Diag) -> Option<Item> {
    let mut sig = item.sig.clone();
    let (before, function) = (diag.len(), item.sig.fn_token.span);
    for input in &mut sig.inputs {
        let FnArg::Typed(input) = input else { continue };
        let ty = &input.ty;
        if has_no_size(ty, function) {
            diag.at(
                ty,
                format!("a parameter needs a size, and `{0}` has none: take `&{0}`", types::text(ty)),
            );
            input.ty = syn::parse_quote!(&#ty);
        }
    }
    if let ReturnType::Type(_, ty) = &mut sig.output {
        if has_no_size(ty, function) {
            let way_out = match types::peel(ty) {
                Type::TraitObject(_) => format!("`Arc<{}>`", types::text(ty)),
                Type::Slice(slice) => format!("`Vec<{}>`", types::text(&slice.elem)),
                _ => format!("`{}`", owned(ty)),
            };
            diag.at(
                &**ty,
                format!(
                    "a returned value needs a size, and `{}` has none: return {way_out}",
                    types::text(ty)
                ),
            );
            **ty = syn::parse_quote!(::std::boxed::Box<#ty>);
        }
    }
    if diag.len() == before {
        return None;
    }
    Some(item.without_body(sig))
}

/// Whether a type in the head of a function is known to have no size.
pub(crate) fn has_no_size(ty: &Type, function: Span) -> bool {
    match types::peel(ty) {
        Type::Slice(_) | Type::TraitObject(_) => true,
        Type::Path(path) if path.qself.is_none() => {
            (path.path.is_ident("str") && !module::declares("str", function))
                || outside::is_unsized(&path.path, function)
        }
        _ => false,
    }
}

/// What holds such a type, and has a size.
fn owned(ty: &Type) -> &'static str {
    let Type::Path(path) = types::peel(ty) else { return "String" };
    match path.path.segments.last().map(|last| last.ident.to_string()).as_deref() {
        Some("Path") => "PathBuf",
        Some("OsStr") => "OsString",
        Some("CStr") => "CString",
        _ => "String",
    }
}
