//! What writers call of a memoized function: verbs that nobody else needs to see.

use proc_macro2::TokenStream;
use quote::quote;

use super::entry::Entry;
use super::{function, needs, outcome};
use crate::model::{Model, Place};

/// The verbs of a function's companion, or beside a method.
pub(super) fn verbs(model: &Model<'_>) -> TokenStream {
    let (krate, params) = (&model.krate, function::declared(model.offered()));
    let vis = match model.place {
        Place::Apart => &syn::parse_quote!(pub),
        _ => &model.verb_vis(),
    };
    let (generics, bounds) = needs::declared(model, &TokenStream::new());
    let ((value, _), (_, shown)) = (outcome::shown(model.offered()), outcome::shown(model));
    let entry = Entry::of(model);
    let first = &entry.first;
    let write = model.beside("__memoized");
    let clear = whole(model, vis);
    let kept = shown.as_ref().map(|_| {
        let kept = outcome::value_type(model.offered());
        quote!(, #kept)
    });
    let to_write = match shown {
        Some((_, keep)) if model.is_checked() => entry.ask_checked(model, "to_write_as", &quote!(, #keep)),
        None if model.is_checked() => entry.ask_checked(model, "to_write_as", &quote!(, |value| value)),
        Some((_, keep)) => entry.ask("to_write_as", &quote!(, #keep)),
        None => entry.ask("to_write", &TokenStream::new()),
    };
    quote! {
        #[doc(hidden)]
        #[inline]
        #[allow(non_snake_case, unused_lifetimes, deprecated)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        #vis fn #write #generics(#(#params),*) -> #krate::__private::ToWrite<#value #kept> #bounds {
            #first
            #to_write
        }
        #clear
    }
}

/// Forgets all of a function, in all its monomorphisations; of a method, in this one if its key has a name.
fn whole(model: &Model<'_>, vis: &syn::Visibility) -> TokenStream {
    let (clear, cache) = (model.beside("__forget_all"), model.path("cache"));
    if model.options.inside.is_some() {
        return TokenStream::new();
    }
    // Of a key whose type is not written nobody can name the memo, but all of them.
    let is_of_all = !model.key_is_named() && model.is_method();
    let (generics, bounds) = needs::declared(model, &TokenStream::new());
    let turbofish = model.turbofish(&TokenStream::new());
    let krate = &model.krate;
    let (generics, bounds, call) = if model.is_checked() && !is_of_all {
        (generics, bounds, quote!(#krate::__checked_clear!(#cache #turbofish())))
    } else if !is_of_all && (model.is_method() || model.names.is_empty()) {
        (generics, bounds, quote!(#cache #turbofish().clear()))
    } else {
        let site = model.path("__site");
        let sized = needs::sized(model).into_iter().collect();
        (TokenStream::new(), sized, quote!(#site().clear_all()))
    };
    quote! {
        #[doc(hidden)]
        #[inline]
        #[allow(non_snake_case, unused_lifetimes, deprecated)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        #vis fn #clear #generics() -> ::core::primitive::usize #bounds {
            #call
        }
    }
}
