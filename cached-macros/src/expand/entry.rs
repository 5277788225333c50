//! The entry of a free function whose key is worked out, and has a type that nobody can write down: one function finds it for all verbs.
//! So the expression is compiled once, and of a mistake in it is told once.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{function, lookup, memo, needs, ours, outcome, warm, worked_out};
use crate::alone::Around;
use crate::key::{Param, Part};
use crate::model::{Model, Place};
use crate::types;

/// What verbs that look, and do no more, are asked of: the entry, or the face of the memo by what is looked up.
pub(super) struct Entry {
    /// What goes before.
    pub(super) first: TokenStream,
    place: Asked,
}

enum Asked {
    Entry { krate: syn::Path, found: TokenStream },
    Face { face: TokenStream, lookup: TokenStream },
}

impl Entry {
    pub(super) fn of(model: &Model<'_>) -> Self {
        if is_there(model) {
            let place = Asked::Entry { krate: model.krate.clone(), found: found(model) };
            return Self { first: TokenStream::new(), place };
        }
        let (first, lookup) = lookup::looked_up(model);
        Self { first, place: Asked::Face { face: memo::face(model), lookup } }
    }

    /// Asks it, with more arguments, each with its comma before it.
    pub(super) fn ask(&self, verb: &str, more: &TokenStream) -> TokenStream {
        let verb = quote::format_ident!("{verb}");
        match &self.place {
            // By its path: other traits may have verbs of that name for all types there are.
            Asked::Entry { krate, found } => quote!(#krate::__private::OfEntry::#verb(#found #more)),
            Asked::Face { face, lookup } => quote!(#face.#verb(#lookup #more)),
        }
    }

    /// The same where it may turn out that it cannot be asked.
    pub(super) fn ask_checked(&self, model: &Model<'_>, verb: &str, more: &TokenStream) -> TokenStream {
        let (krate, name) = (&model.krate, quote::format_ident!("{verb}"));
        match &self.place {
            Asked::Face { face, lookup } => quote!(#krate::__checked_args!(#name, #face, #lookup #more)),
            Asked::Entry { .. } => self.ask(verb, more),
        }
    }
}

/// The entry itself.
fn found(model: &Model<'_>) -> TokenStream {
    let call = call(model);
    if given_back(model).is_empty() { call } else { quote!(#call.0) }
}

/// What finds it, and gives back what the key was worked out from.
fn call(model: &Model<'_>) -> TokenStream {
    let (path, names) = (path(model), model.params.iter().map(|param| &param.name));
    quote!(#path(#(#names),*))
}

/// A closure that finds it, of the arguments in one.
pub(super) fn by_all(model: &Model<'_>, params: &TokenStream) -> TokenStream {
    let (path, names) = (path(model), model.params.iter().map(|param| &param.inner));
    let entry = (!given_back(model).is_empty()).then(|| quote!(.0));
    quote!(|#params| #path(#(#names),*) #entry)
}

/// Arguments that a body takes by value, and that are no part of the key by themselves: they are there for it when the key is.
fn given_back<'a>(model: &'a Model<'_>) -> Vec<&'a Param> {
    let is_moved = |param: &Param| !can_be_given_twice(&param.ty);
    if runs(model) { model.params.iter().filter(|param| is_moved(param)).collect() } else { Vec::new() }
}

/// What finds it, at the place where it shows that a type is not fit.
fn path(model: &Model<'_>) -> TokenStream {
    let (path, turbofish) = (model.path("__entry"), model.turbofish(&TokenStream::new()));
    let path = quote!(#path #turbofish);
    if needs::are_any(model) { needs::at_place(model, path) } else { path }
}

/// Whether one function works the key out for all these verbs, whatever its type is.
pub(super) fn is_there(model: &Model<'_>) -> bool {
    let has_place = match &model.place {
        Place::Type(_) => true,
        // Elsewhere a constant tells whether the key is right.
        Place::Beside | Place::Apart => {
            worked_out::Constant::of(model, "__entry").is_none()
                && !matches!(model.around, Some(Around::Trait(_)))
        }
        _ => false,
    };
    let is_lent = |receiver: &syn::Receiver| types::as_reference(&receiver.ty).is_some();
    has_place
        && model.item.receiver().is_none_or(is_lent)
        && model.options.inside.is_none()
        && !model.key_is_named()
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
    let (of_entry, entry) =
        (quote!(impl #krate::__private::OfEntry<{ #mode }, #value>), quote!(#face #note.asked(#args)));
    let (back, name) = (given_back(model), model.beside("__entry"));
    let (output, entry) = if back.is_empty() {
        (of_entry, entry)
    } else {
        let (names, types) = (back.iter().map(|param| &param.name), back.iter().map(|param| &param.ty));
        (quote!((#of_entry, (#(#types,)*))), quote!((#entry, (#(#names,)*))))
    };
    let spoken_of: Vec<_> = params.iter().collect();
    let (apart, guards) =
        if runs(model) { worked_out::taken_apart(model, &spoken_of) } else { <_>::default() };
    quote! {
        #apart
        #[doc(hidden)]
        #[inline]
        #[allow(non_snake_case, dead_code, unused_lifetimes, deprecated)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        fn #name #generics(#(#params),*) -> #output #bounds {
            #guards
            #first
            #entry
        }
    }
}

/// A verb that runs the body, where it needs nothing but the entry: what the key is worked out from is there for the body as well.
pub(super) fn run(model: &Model<'_>, verb: &str) -> Option<TokenStream> {
    if !runs(model) {
        return None;
    }
    let (body, turbofish, names) =
        (model.body(), model.turbofish(&TokenStream::new()), model.params.iter().map(|param| &param.name));
    let body = quote!(, || #body #turbofish(#(#names),*));
    let back = given_back(model);
    if back.is_empty() {
        return Some(Entry::of(model).ask(verb, &body));
    }
    let (krate, call, entry) = (&model.krate, call(model), ours("entry"));
    let (verb, names) = (quote::format_ident!("{verb}"), back.iter().map(|param| &param.name));
    Some(quote! {
        let (#entry, (#(#names,)*)) = #call;
        #krate::__private::OfEntry::#verb(#entry #body)
    })
}

/// Whether all verbs are asked of the entry.
pub(super) fn runs(model: &Model<'_>) -> bool {
    let is_left = |part: &Part| match part {
        Part::Param(index) => can_be_given_twice(&model.params[*index].ty),
        Part::Expr(_) => true,
    };
    is_there(model)
        && !model.is_async()
        && model.options.lazy.is_none()
        && function::again(model).is_none()
        && model.parts.iter().all(is_left)
}

/// Whether the library does all of that: what is a part of the key by itself is there for the body as well, and what others are worked out
/// from is given back.
pub(crate) fn is_asked_by_key(model: &Model<'_>) -> bool {
    let is_left = |part: &Part| match part {
        Part::Param(index) => can_be_given_twice(&model.params[*index].ty),
        // Of a pattern it is asked beside the function whether it is right.
        Part::Expr(part) => part.bound.is_empty(),
    };
    is_there(model)
        && !model.is_async()
        && model.options.lazy.is_none()
        && function::again(model).is_none()
        && warm::takes_all(model)
        && model.parts.iter().all(is_left)
}

fn can_be_given_twice(ty: &syn::Type) -> bool {
    types::is_primitive(ty) || types::as_reference(ty).is_some_and(|reference| reference.mutability.is_none())
}
