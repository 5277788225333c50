//! Types without a size, taken or returned by value: `str` where `&str` was meant. The compiler would say so at every place that
//! speaks of the argument.

use proc_macro2::Span;
use quote::quote;
use syn::{FnArg, ReturnType, Signature, TraitItemFn, Type};

use crate::block::Block;
use crate::diag::Diag;
use crate::item::Item;
use crate::sources::module::Seen;
use crate::sources::{module, outside};
use crate::types;

/// The function as it may have been meant, beside an error for each such type; `None` where there is none. In a block of a trait it is
/// meant as that declares it.
pub(crate) fn mended(item: &Item, block: Option<&Block>, diag: &mut Diag) -> Option<Item> {
    let (declared, mut sig) = (declared(item, block), item.sig.clone());
    let (before, function) = (diag.len(), item.sig.fn_token.span);
    for (index, input) in sig.inputs.iter_mut().enumerate() {
        let FnArg::Typed(input) = input else { continue };
        let ty = &input.ty;
        if has_no_size(ty, function) {
            let lent = syn::parse_quote!(&#ty);
            let meant = declared.as_ref().and_then(|declared| parameter(declared, index)).unwrap_or(&lent);
            let (own, meant_text) = (types::text(ty), types::text(meant).replace("& ", "&"));
            diag.at(ty, format!("a parameter needs a size, and `{own}` has none: take `{meant_text}`"));
            *input.ty = meant.clone();
        }
    }
    if let ReturnType::Type(_, ty) = &mut sig.output {
        if has_no_size(ty, function) {
            let meant = declared.as_ref().and_then(|declared| match &declared.output {
                ReturnType::Type(_, ty) => Some(&**ty),
                ReturnType::Default => None,
            });
            let way_out = match (meant, types::peel(ty)) {
                (Some(meant), _) => format!("`{}`", types::text(meant)),
                (_, Type::TraitObject(_)) => format!("`Arc<{}>`", types::text(ty)),
                (_, Type::Slice(slice)) => format!("`Vec<{}>`", types::text(&slice.elem)),
                _ => format!("`{}`", owned(ty)),
            };
            diag.at(
                &**ty,
                format!(
                    "a returned value needs a size, and `{}` has none: return {way_out}",
                    types::text(ty)
                ),
            );
            **ty = meant.cloned().unwrap_or_else(|| syn::parse_quote!(::std::boxed::Box<#ty>));
        }
    }
    if diag.len() == before {
        return None;
    }
    Some(item.without_body(sig))
}

/// Whether something without a size stands in a block of a trait of which it is not seen that it declares something else: what the compiler
/// says of that cannot be mended in one place.
pub(crate) fn is_as_in_its_trait(item: &Item, block: Option<&Block>) -> bool {
    if block.is_none_or(|block| block.of_trait.is_none()) {
        return false;
    }
    let (declared, function) = (declared(item, block), item.sig.fn_token.span);
    let is_declared_so = |index| {
        let own = declared.as_ref().and_then(|declared| parameter(declared, index));
        own.is_none_or(|own| has_no_size(own, function))
    };
    let mut inputs = item.sig.inputs.iter().enumerate();
    inputs.any(|(index, input)| {
        matches!(input, FnArg::Typed(input) if has_no_size(&input.ty, function)) && is_declared_so(index)
    })
}

/// The head that the trait of a block declares for a function, if the trait is found and that head means the same in the block.
fn declared(item: &Item, block: Option<&Block>) -> Option<Signature> {
    let of_trait = block?.of_trait.clone()?;
    let named = of_trait.into_iter().filter(|token| token.to_string() != "for").collect();
    let (bound, name) = (syn::parse2(named).ok()?, item.sig.ident.to_string());
    let seen = Seen::from(item.sig.fn_token.span);
    let has_parameters = seen.trait_of(&bound).is_none_or(|(own, _)| !own.generics.params.is_empty());
    let all = seen.items_of(&bound);
    let own = all.iter().find(|own| own.word(0) == "fn" && own.word(1) == name)?;
    let own = own.head::<TraitItemFn>()?.sig;
    (!has_parameters && !types::mentions(quote!(#own), "Self")).then_some(own)
}

fn parameter(declared: &Signature, index: usize) -> Option<&Type> {
    match declared.inputs.iter().nth(index)? {
        FnArg::Typed(input) => Some(&input.ty),
        FnArg::Receiver(_) => None,
    }
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
