//! From parameters to what a call looks up by: `(Val(id), Ref(currency))`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Type;
use syn::spanned::Spanned;

use crate::key::{Param, Part, part_name};
use crate::model::Model;
use crate::types;

/// How one part of the key is written.
enum Form<'a> {
    /// An owned parameter or an expression with a known type.
    Owned(&'a Type),
    /// A reference to this type.
    Borrowed(&'a Type),
    /// An expression whose type only the compiler knows.
    Inferred,
}

fn form<'a>(model: &'a Model<'_>, part: &'a Part) -> Form<'a> {
    match part {
        Part::Expr(expr) => expr.1.as_ref().map_or(Form::Inferred, Form::Owned),
        Part::Param(index) => {
            let ty = &model.params[*index].ty;
            types::as_reference(ty)
                .map_or(Form::Owned(ty), |reference| Form::Borrowed(types::peel(&reference.elem)))
        }
    }
}

/// The constant that says how a part is compared.
fn mode_name(index: usize) -> Ident {
    format_ident!("__KEY_{index}")
}

/// A constant for each part that says how it is compared, found by its type; none for those that need no asking.
pub(super) fn modes(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let mode = |(index, part): (usize, &Part)| {
        let name = mode_name(index);
        match form(model, part) {
            Form::Inferred => None,
            Form::Owned(ty) | Form::Borrowed(ty) if types::is_plain_key(ty) => None,
            Form::Owned(ty) => {
                let ty = types::forever(ty);
                Some(quote!(const #name: u8 = #krate::__key_mode!(#ty);))
            }
            Form::Borrowed(ty) => {
                let ty = types::forever(ty);
                Some(quote!(const #name: u8 = #krate::__ref_key_mode!(#ty);))
            }
        }
    };
    model.parts.iter().enumerate().filter_map(mode).collect()
}

fn mode(model: &Model<'_>, index: usize) -> TokenStream {
    let name = mode_name(index);
    let function = &model.item.sig.ident;
    match form(model, &model.parts[index]) {
        Form::Inferred => quote!(0),
        Form::Owned(ty) | Form::Borrowed(ty) if types::is_plain_key(ty) => quote!(0),
        _ => quote!({ #function::#name }),
    }
}

/// Calls that make the compiler say in our words what cannot be a key.
pub(super) fn assertions(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let assertion = |(index, part): (usize, &Part)| {
        let mode = mode(model, index);
        let (assert, ty) = match form(model, part) {
            Form::Inferred => return None,
            Form::Owned(ty) | Form::Borrowed(ty) if types::is_plain_key(ty) => return None,
            Form::Owned(ty) => (quote!(assert_key), ty),
            Form::Borrowed(ty) => (quote!(assert_ref_key), ty),
        };
        let forever = types::forever(ty);
        let span = ty.span();
        Some(quote::quote_spanned!(span=> #krate::__private::#assert::<#mode, #forever>();))
    };
    model.parts.iter().enumerate().filter_map(assertion).collect()
}

/// The key's type, where it can be written down.
pub(super) fn key_type(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let types = model.parts.iter().enumerate().map(|(index, part)| {
        let mode = mode(model, index);
        match form(model, part) {
            Form::Inferred => quote!(_),
            Form::Borrowed(ty) if types::is_str(ty) => quote!(::std::string::String),
            Form::Owned(ty) | Form::Borrowed(ty) if types::is_plain_key(ty) => quote!(#ty),
            Form::Owned(ty) => {
                let ty = types::forever(ty);
                quote!(<#ty as #krate::__private::ValKey<#mode>>::Key)
            }
            Form::Borrowed(ty) => {
                let ty = types::forever(ty);
                quote!(<#ty as #krate::__private::RefKey<#mode>>::Key)
            }
        }
    });
    one_or_tuple(types.collect())
}

/// The look-up, made from the parameters, which are moved into it.
pub(super) fn lookup(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let mut first = TokenStream::new();
    let mut parts = Vec::new();
    for (index, part) in model.parts.iter().enumerate() {
        let mode = mode(model, index);
        let name = part_name(index);
        parts.push(match (part, form(model, part)) {
            (Part::Param(param), form) => {
                let param = &model.params[*param].name;
                match form {
                    Form::Borrowed(_) => quote!(#krate::__private::Ref::<#mode, _>(#param)),
                    _ => quote!(#krate::__private::Val::<#mode, _>(#param)),
                }
            }
            (Part::Expr(expr), _) => {
                first.extend(match &**expr {
                    (expr, Some(ty)) => quote!(let #name: #ty = #expr;),
                    (expr, None) => quote!(let #name = #krate::__own_part!(#expr);),
                });
                quote!(#krate::__private::Val::<#mode, _>(#name))
            }
        });
    }
    let parts = one_or_tuple(parts);
    // Expressions come first: the look-up takes the parameters that they may read.
    if first.is_empty() { parts } else { quote!({ #first #parts }) }
}

/// Parameters that the key leaves out: a verb has them because the function has.
pub(super) fn left_out(model: &Model<'_>) -> TokenStream {
    let is_part =
        |index: usize| model.parts.iter().any(|part| matches!(part, Part::Param(own) if *own == index));
    let names: Vec<_> = (model.params.iter().enumerate())
        .filter(|(index, _)| !is_part(*index))
        .map(|(_, param)| &param.name)
        .collect();
    if names.is_empty() { TokenStream::new() } else { quote!(let _ = (#(&#names,)*);) }
}

/// The way back from the look-up to the parameters, for the body.
pub(super) fn unpack(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let patterns = model.parts.iter().map(|part| match part {
        Part::Param(index) => {
            let name = &model.params[*index].name;
            quote!(#name)
        }
        Part::Expr(_) => quote!(_),
    });
    let is_part =
        |index: usize| model.parts.iter().any(|part| matches!(part, Part::Param(own) if *own == index));
    let args = model
        .params
        .iter()
        .enumerate()
        .map(|(index, Param { name, .. })| if is_part(index) { quote!(#name.0) } else { quote!(#name) });
    (one_or_tuple(patterns.collect()), quote!(#(#args),*))
}

fn one_or_tuple(mut parts: Vec<TokenStream>) -> TokenStream {
    if parts.len() == 1 { parts.remove(0) } else { quote!((#(#parts),*)) }
}
