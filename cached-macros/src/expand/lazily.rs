//! A lazy call: its arguments, owned, and what is done with them when it is forced or looked at.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::spanned::Spanned;

use super::{function, judged, lookup, memo, needs, ours, outcome, worked_out};
use crate::key::Param;
use crate::model::{Model, Place};
use crate::types;

/// A verb of a lazy function, with the name it has where it is emitted: in a companion as any verb of users, beside a
/// method out of their sight.
pub(super) fn verb(model: &Model<'_>, verb: &str) -> TokenStream {
    if model.is_method() { model.path(&format!("__{verb}")) } else { model.path(verb) }
}

/// The call put off.
pub(super) fn deferred(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let (count, values) = created(model);
    // Of what is part of the key it is known that it can be held, or told that it cannot.
    let held: TokenStream =
        model.params.iter().filter(|param| param.name != "self").map(|param| held(model, param)).collect();
    let owned = model.params.iter().zip(&values).map(|(param, value)| match borrowed(model, param) {
        Some(_) if param.name == "self" && !lookup::is_in_key(model, param) => {
            quote!(#krate::__private::held(#value))
        }
        Some(_) if param.name == "self" => quote!(#krate::__own_again!(cloned, #value)),
        Some(_) => quote!(#krate::__own_again!(owned, #value)),
        None => quote!(#value),
    });
    let names: Vec<_> = model.params.iter().map(|param| &param.inner).collect();
    let again: Vec<_> = model.params.iter().map(|param| again(model, param)).collect();
    let (mode, f, turbofish) = (outcome::mode(model), ours("f"), model.turbofish(&TokenStream::new()));
    let [force, contains, peek, invalidate, fmt_call] =
        ["force", "contains", "peek", "invalidate", "fmt_call"].map(|name| verb(model, name));
    let is_async = model.item.sig.asyncness.is_some();
    let force = if is_async {
        // The future owns what it was called with: it may outlive the handle.
        let lent = model.params.iter().map(|param| {
            let name = &param.inner;
            borrowed(model, param)
                .map_or(quote!(#name), |ty| quote!(::core::borrow::Borrow::<#ty>::borrow(&#name)))
        });
        quote! {
            |args| {
                let (#(#names,)*) = #krate::__own_again!(cloned, args);
                #krate::__forcing!(#mode, args, async move { #force #turbofish(#(#lent),*).await })
            }
        }
    } else {
        let forced = judged::call(model, &quote!(#force #turbofish), quote!((#(#again),*)));
        let returned = &model.returned;
        if model.written.is_some() {
            quote!(|(#(#names,)*)| -> #returned { #forced })
        } else {
            quote!(|(#(#names,)*)| #forced)
        }
    };
    let into = format_ident!("{}", if is_async { "into_lazy_future" } else { "into_lazy" });
    // A companion shows what is kept, of whatever type that is.
    let of_peeked = match model.place {
        Place::Type(_) => quote!(from_shown::<#mode, _>),
        _ => quote!(from_kept::<#mode, _, _>),
    };
    quote! {
        #held
        #count
        #krate::__deferred!(#into, #krate::__private::Deferred {
            args: (#(#owned,)*),
            force: #force,
            is_ready: |(#(#names,)*)| #contains #turbofish(#(#again),*),
            peek: |(#(#names,)*)| #krate::__private::#of_peeked(
                #peek #turbofish(#(#again),*),
            ),
            invalidate: |(#(#names,)*)| #invalidate #turbofish(#(#again),*),
            fmt_call: |(#(#names,)*), #f| #fmt_call #turbofish(#(#again,)* #f),
        })
    }
}

/// A call that makes the compiler say in our words what a lazy call cannot hold.
fn held(model: &Model<'_>, param: &Param) -> TokenStream {
    if lookup::is_in_key(model, param) {
        return TokenStream::new();
    }
    let (span, elem) = (param.ty.span(), borrowed(model, param));
    let ty = model.forever(elem.as_ref().unwrap_or(&param.ty));
    let (krate, assert) = (
        super::located(&model.krate, span),
        if elem.is_some() { quote!(assert_held_behind) } else { quote!(assert_held) },
    );
    quote::quote_spanned!(span=> #krate::__private::#assert::<#ty>();)
}

/// Counts a call that is put off, and gives the arguments back: where only the look-up has the key's type, it must be made
/// of them first.
fn created(model: &Model<'_>) -> (TokenStream, Vec<TokenStream>) {
    let krate = &model.krate;
    let names = || model.params.iter().map(|param| &param.name).map(|name| quote!(#name)).collect();
    if !model.is_method() {
        let (cache, turbofish) = (model.path("cache"), model.turbofish(&TokenStream::new()));
        return (
            quote!(#krate::__private::Face::<(), 0, _, _>::new(#cache #turbofish()).created();),
            names(),
        );
    }
    let face = memo::face(model);
    if model.key_is_named() {
        return (quote!(#face.created();), names());
    }
    let (made, lookup, (pattern, _)) = (lookup::args(model), ours("lookup"), lookup::unpack(model));
    let known = worked_out::known(model);
    let count = quote! {
        #known
        let #lookup = #made;
        #face.created();
        let #pattern = #lookup;
    };
    (count, lookup::unpacked(model))
}

/// A kept argument, as the verbs take it.
fn again(model: &Model<'_>, param: &Param) -> TokenStream {
    let (krate, name) = (&model.krate, &param.inner);
    let again = borrowed(model, param).map_or_else(
        || quote!(#krate::__own_again!(cloned, #name)),
        |ty| quote!(::core::borrow::Borrow::<#ty>::borrow(#name)),
    );
    judged::given(model, param, judged::as_named(model, param, again))
}

/// What a parameter borrows, unless that can be kept as it is.
fn borrowed(model: &Model<'_>, param: &Param) -> Option<syn::Type> {
    let is_forever =
        |ty: &&syn::TypeReference| ty.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static");
    types::as_reference(&param.ty).filter(|ty| !is_forever(ty)).map(|ty| model.spared(&ty.elem))
}

/// What a handle asks for, where no companion has it for users: `contains`, `peek` and `invalidate` beside a method or in a
/// companion that nobody sees; and everywhere `force`, and the words for a call.
pub(super) fn verbs(model: &Model<'_>) -> TokenStream {
    if model.options.lazy.is_none() {
        return TokenStream::new();
    }
    let (vis, params, returned) =
        (model.verb_vis(), function::declared(model.offered()), &model.yielding().returned);
    let (generics, bounds) = needs::declared(model, &TokenStream::new());
    let ((first, args), face, f) = (lookup::looked_up(model), memo::face(model), ours("f"));
    let [force, fmt_call] = ["force", "fmt_call"].map(|name| beside(model, name));
    let (asyncness, named, forced) =
        (&model.item.sig.asyncness, judged::named(model), function::forced(model));
    let (quiet, looking) = (quiet(model), looking(model));
    quote! {
        #looking
        #quiet
        #vis #asyncness fn #force #generics(#(#params),*) -> #returned #bounds {
            #named
            #forced
        }
        #quiet
        #[doc(hidden)]
        #[allow(non_snake_case, unused_lifetimes, deprecated)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        #vis fn #fmt_call #generics(
            #(#params,)* #f: &mut ::core::fmt::Formatter<'_>
        ) -> ::core::fmt::Result #bounds {
            #first
            #face.fmt_call(#args, #f)
        }
    }
}

/// The verbs that look, where a companion does not have them.
fn looking(model: &Model<'_>) -> TokenStream {
    if matches!(model.place, Place::Type(_)) {
        return TokenStream::new();
    }
    let (vis, params, value) =
        (model.verb_vis(), function::declared(model.offered()), outcome::value_type(model.offered()));
    let (generics, bounds) = needs::declared(model, &TokenStream::new());
    let ((first, args), face, quiet) = (lookup::looked_up(model), memo::face(model), quiet(model));
    let [contains, peek, invalidate] = ["contains", "peek", "invalidate"].map(|name| beside(model, name));
    quote! {
        #quiet
        #vis fn #contains #generics(#(#params),*) -> ::core::primitive::bool #bounds {
            #first
            #face.contains(#args)
        }
        #quiet
        #vis fn #peek #generics(#(#params),*) -> ::core::option::Option<#value> #bounds {
            #first
            #face.peek(#args)
        }
        #quiet
        #vis fn #invalidate #generics(#(#params),*) -> ::core::primitive::bool #bounds {
            #first
            #face.invalidate(#args)
        }
    }
}

/// A verb's name where it is emitted.
fn beside(model: &Model<'_>, verb: &str) -> Ident {
    let hidden = if model.is_method() { format!("__{verb}") } else { verb.to_owned() };
    model.beside(&hidden)
}

/// Beside a method nobody is to see it.
fn quiet(model: &Model<'_>) -> Option<TokenStream> {
    model.is_method().then(|| {
        quote! {
            #[doc(hidden)]
            #[allow(dead_code, non_snake_case, private_interfaces, unreachable_pub, unused_lifetimes)]
            #[allow(deprecated)]
            #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        }
    })
}
