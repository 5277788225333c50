//! Types that are written so that the compiler, where it does not find one, gives the same advice at every place that speaks of it:
//! what it says twice in the same words, it says once.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Expr, FnArg, GenericArgument, Generics, Path, PathArguments, ReturnType, Signature, Type};

use crate::generics::Names;
use crate::suggest::distance;
use crate::types::{self, KNOWN, PRIMITIVES};

/// Writes `Query<>` for `Query`, where that is no argument of another type: what has arguments nobody takes for a parameter
/// that was forgotten. As an argument it may be taken for one in the head as well.
pub(crate) fn without_advice(ty: &mut Type, known: &Names) {
    spare(ty, known, false);
}

/// The same, also where it is an argument of another type: of a head that has parameters already.
pub(crate) fn without_any_advice(ty: &mut Type, known: &Names) {
    spare(ty, known, true);
}

/// Writes the types of a function that stands in no block so that nobody takes one for a `Self` that is misspelt: beside the
/// function there is one, and in its head there is none.
pub(crate) fn without_self(sig: &mut Signature) {
    let looks_like_it =
        |tokens: TokenStream| types::any_ident(tokens, &mut |ident| is_near_self(&ident.to_string()));
    if sig.receiver().is_some() || !looks_like_it(sig.to_token_stream()) {
        return;
    }
    let inputs = sig.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(input) => Some(&mut input.ty),
        FnArg::Receiver(_) => None,
    });
    let output = match &mut sig.output {
        ReturnType::Type(_, ty) => Some(ty),
        ReturnType::Default => None,
    };
    for ty in inputs.chain(output) {
        if let Ok(other) = syn::parse2(apart(ty.to_token_stream())) {
            **ty = other;
        }
    }
}

fn is_near_self(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && is_near(name, "Self")
}

/// Whether the compiler, where it does not find the first of these names, asks whether the other one was meant.
pub(crate) fn is_near(name: &str, other: &str) -> bool {
    let limit = name.chars().count().max(3) / 3;
    name != other && (name.eq_ignore_ascii_case(other) || distance(name, other) <= limit)
}

/// A constant about a type, which of a generic function does not see the parameters; unless the type might be one that is
/// misspelt: then it is asked where they are seen, as they are in the function's head.
pub(crate) fn in_sight(constant: TokenStream, ty: &Type, generics: &Generics) -> TokenStream {
    let params: Vec<_> = generics.type_params().map(|param| &param.ident).collect();
    let is_like_one =
        |name: &Ident| params.iter().any(|param| is_near(&name.to_string(), &param.to_string()));
    if !types::any_ident(ty.to_token_stream(), &mut |name| is_like_one(name)) {
        return constant;
    }
    let any = params.iter().map(|_| quote!(()));
    quote!({
        const fn asked<#(#params),*>() -> ::core::primitive::u8 { #constant }
        asked::<#(#any),*>()
    })
}

/// With such names as those of a macro that has not written any `Self`. They find what they found.
fn apart(tokens: TokenStream) -> TokenStream {
    let one = |token| match token {
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), apart(group.stream()));
            inner.set_span(group.span());
            inner.into()
        }
        TokenTree::Ident(mut ident) if is_near_self(&ident.to_string()) => {
            ident.set_span(Span::mixed_site().located_at(ident.span()));
            ident.into()
        }
        other => other,
    };
    tokens.into_iter().map(one).collect()
}

fn spare(ty: &mut Type, known: &Names, deep: bool) {
    match ty {
        Type::Reference(reference) => spare(&mut reference.elem, known, deep),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| spare(elem, known, deep)),
        Type::Array(array) => {
            spare(&mut array.elem, known, deep);
            spare_length(&mut array.len, known);
        }
        Type::Slice(slice) => spare(&mut slice.elem, known, deep),
        Type::Paren(paren) => spare(&mut paren.elem, known, deep),
        Type::Group(group) => spare(&mut group.elem, known, deep),
        Type::BareFn(function) => {
            function.inputs.iter_mut().for_each(|input| spare(&mut input.ty, known, deep));
            if let syn::ReturnType::Type(_, ty) = &mut function.output {
                spare(ty, known, deep);
            }
        }
        Type::Path(path) if path.qself.is_none() => {
            let Some(own) = path.path.get_ident() else {
                if deep {
                    spare_arguments(&mut path.path, known);
                }
                return;
            };
            let is_sure = PRIMITIVES.iter().chain(KNOWN).any(|name| own == name);
            if !is_sure && !known.declares(own) {
                let own = &mut path.path.segments[0];
                // At the name's place, as the type is what errors point at.
                own.arguments =
                    PathArguments::AngleBracketed(syn::parse_quote_spanned!(own.ident.span()=> <>));
            }
        }
        _ => {}
    }
}

/// Writes `LEN::<>` for `LEN`.
fn spare_length(len: &mut Expr, known: &Names) {
    let Expr::Path(path) = len else { return };
    if path.qself.is_none() && path.path.get_ident().is_some() && !known.are_in(&path.path) {
        let own = &mut path.path.segments[0];
        own.arguments = PathArguments::AngleBracketed(syn::parse_quote_spanned!(own.ident.span()=> ::<>));
    }
}

fn spare_arguments(path: &mut Path, known: &Names) {
    let Some(last) = path.segments.last_mut() else { return };
    let takes_types = KNOWN.iter().any(|name| last.ident == name);
    let PathArguments::AngleBracketed(arguments) = &mut last.arguments else { return };
    // What may be a constant has no arguments.
    let is_type = |ty: &Type| {
        let name = |path: &Path| path.get_ident().map(ToString::to_string).unwrap_or_default();
        let is_loud = |path: &Path| !name(path).contains(char::is_lowercase);
        takes_types || !matches!(ty, Type::Path(path) if is_loud(&path.path))
    };
    for argument in &mut arguments.args {
        match argument {
            GenericArgument::Type(ty) if is_type(ty) => spare(ty, known, true),
            _ => {}
        }
    }
}
