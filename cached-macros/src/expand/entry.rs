//! The entry of a free function whose key is worked out, and has a type that nobody can write down: one function finds it for all verbs.
//! So the expression is compiled once, and of a mistake in it is told once.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{function, lookup, memo, needs, outcome, warm};
use crate::key::Part;
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
    let (path, names) = (model.path("__entry"), model.params.iter().map(|param| &param.name));
    quote!(#path(#(#names),*))
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
    let (body, names) = (model.body(), model.params.iter().map(|param| &param.name));
    Some(Entry::of(model).ask(verb, &quote!(, || #body(#(#names),*))))
}

/// Whether all verbs are asked of the entry.
pub(super) fn runs(model: &Model<'_>) -> bool {
    is_there(model)
        && !model.is_async()
        && model.options.lazy.is_none()
        && function::again(model).is_none()
        && model.params.iter().all(|param| can_be_given_twice(&param.ty))
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
