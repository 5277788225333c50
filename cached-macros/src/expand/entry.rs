//! The entry of a free function whose key is worked out, and has a type that nobody can write down: one function finds it for all verbs.
//! So the expression is compiled once, and of a mistake in it is told once.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{function, lookup, memo, needs, outcome};
use crate::model::{Model, Place};
use crate::types;

/// The entry of a verb that looks: what goes before, what it is asked of, and the arguments of each question.
pub(super) fn looking(model: &Model<'_>) -> (TokenStream, TokenStream, Vec<TokenStream>) {
    if !is_there(model) {
        let (first, args) = lookup::looked_up(model);
        return (first, memo::face(model), vec![args]);
    }
    let (krate, path) = (&model.krate, model.path("__entry"));
    let names = model.params.iter().map(|param| &param.name);
    (quote!(use #krate::__private::OfEntry as _;), quote!(#path(#(#names),*)), Vec::new())
}

/// Whether one function works the key out for all these verbs, whatever its type is.
pub(super) fn is_there(model: &Model<'_>) -> bool {
    matches!(model.place, Place::Type(_))
        && !model.key_is_named()
        && model.names.is_empty()
        && model.written.is_none()
        && !model.is_of_thread()
        && !model.params.iter().any(|param| types::mentions(param.ty.to_token_stream(), "impl"))
}

/// That function.
pub(super) fn declared(model: &Model<'_>) -> TokenStream {
    if !is_there(model) {
        return TokenStream::new();
    }
    let (krate, value, params) = (&model.krate, outcome::value_type(model), &model.params);
    let ((first, args), face, mode) = (lookup::looked_up(model), memo::face(model), outcome::mode(model));
    let note = memo::note(model).map(|note| quote!(.noting(#note)));
    let (generics, bounds) = needs::declared(model, &TokenStream::new());
    quote! {
        #[inline]
        fn __entry #generics(#(#params),*) -> impl #krate::__private::OfEntry<{ #mode }, #value> #bounds {
            #first
            #face #note.asked(#args)
        }
    }
}

/// A verb that runs the body, where it needs nothing but the entry: what the key is worked out from is there for the body as well.
pub(super) fn run(model: &Model<'_>, verb: &str) -> Option<TokenStream> {
    if !runs(model) {
        return None;
    }
    let ((first, entry, _), body, verb) = (looking(model), model.body(), quote::format_ident!("{verb}"));
    let names = model.params.iter().map(|param| &param.name);
    Some(quote! {
        #first
        #entry.#verb(|| #body(#(#names),*))
    })
}

/// Whether all verbs are asked of the entry.
pub(super) fn runs(model: &Model<'_>) -> bool {
    is_there(model)
        && !model.is_async()
        && model.options.lazy.is_none()
        && function::again(model).is_none()
        && model.params.iter().all(|param| can_be_given_twice(&param.ty))
}

fn can_be_given_twice(ty: &syn::Type) -> bool {
    types::is_primitive(ty) || types::as_reference(ty).is_some_and(|reference| reference.mutability.is_none())
}
