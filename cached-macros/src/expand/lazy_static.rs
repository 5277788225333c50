//! `#[memoize(lazy)]` on a `static`: a function without parameters, and a static that is a call of it.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Path, StaticMutability, Token, Type, Visibility};

use super::{companion, function, judged, outcome, renamed, unread};
use crate::diag::Diag;
use crate::item::Item;
use crate::model::Model;
use crate::options::Options;
use crate::types;

/// A static as it was written.
struct Static {
    attrs: Vec<Attribute>,
    vis: Visibility,
    mutability: StaticMutability,
    name: Ident,
    ty: Type,
    value: Expr,
}

/// What makes a value when it is first asked for.
const WRAPPERS: &[&str] = &["LazyCell", "LazyLock"];

/// Looks ahead: whether this is a static at all.
pub(super) fn is_static(tokens: &TokenStream) -> bool {
    types::first_word(tokens, &|word| word == "pub").is_some_and(|word| word == "static")
}

impl Parse for Static {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        input.parse::<Token![static]>()?;
        let (mutability, name) = (input.parse()?, input.parse()?);
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        if !input.peek(Token![=]) {
            return Err(input.error("a lazy static needs the expression that makes its value: `= build()`"));
        }
        input.parse::<Token![=]>()?;
        let value = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self { attrs, vis, mutability, name, ty, value })
    }
}

pub(super) fn expand(tokens: &TokenStream, options: &Options, mut diag: Diag) -> TokenStream {
    let item = match syn::parse2::<Static>(tokens.clone()) {
        Ok(item) => item,
        Err(error) => return unread::of_static(tokens, &error, diag),
    };
    let item = &item;
    check(item, options, &mut diag);
    let (name, ty, value) = (&item.name, types::forever(&item.ty), &item.value);
    // The body's braces stand where the value was written, for lints and errors about it.
    let body = quote_spanned!(value.span()=> { #value });
    let made = quote!(#[allow(non_snake_case)] fn #name() -> #ty #body);
    let function = match syn::parse2::<Item>(made) {
        Ok(function) => function,
        Err(error) => {
            diag.push(error);
            let krate = options.crate_path(None);
            return finish(item, &krate, &stand_in(&ty, &krate), diag);
        }
    };
    let before = diag.len();
    let mut model = Model::new(&function, options, None, &mut diag);
    let import = renamed::of_function(&mut model);
    if before > 0 || !model.sound {
        let call = stand_in(&ty, &model.krate);
        let made = finish(item, &model.krate, &call, diag);
        return quote!(#import #made);
    }
    let judged = judged::Judged::of(&model);
    if let Some(judged) = &judged {
        model = judged.within(model);
    }
    let judged = judged.as_ref().map(|judged| judged.beside(&model));
    let (function, companion) = (function::expand(&model), companion::expand(&model));
    let mode = outcome::mode(&model);
    let (force, contains) = (model.path("force"), model.path("contains"));
    let (peek, invalidate) = (model.path("peek"), model.path("invalidate"));
    let (krate, f) = (&model.krate, super::ours("f"));
    let (text, ty) = (name.to_string(), &model.returned);
    let forced = judged::call(&model, &force, quote!(()));
    let call = quote! {
        #judged
        #function
        #companion
        static CALL: #krate::__private::Deferred<(), #ty, #ty> = #krate::__private::Deferred {
            args: (),
            force: |()| -> #ty { #forced },
            is_ready: |()| #contains(),
            peek: |()| #krate::__private::from_kept::<#mode, _, _>(#peek()),
            invalidate: |()| #invalidate(),
            fmt_call: |(), #f| ::core::fmt::Write::write_str(#f, #text),
        };
    };
    let made = finish(item, krate, &call, diag);
    quote!(#import #made)
}

fn check(item: &Static, options: &Options, diag: &mut Diag) {
    if !options.was_given("lazy") {
        diag.at(&item.name, "a static is made when it is first asked for: write `#[memoize(lazy)]`");
    }
    if let Some(inner) = WRAPPERS.iter().find_map(|name| types::argument_of(&item.ty, name)) {
        let inner = types::text(inner);
        diag.at(
            &item.ty,
            format!("`lazy` makes it when it is first asked for: write its own type, `{inner}`, and how that is made"),
        );
    }
    if let StaticMutability::Mut(token) = &item.mutability {
        diag.at(token, "a `static mut` cannot be memoized: a cache hands out what it keeps; drop `mut`");
    }
}

/// A call that stands in for one with a mistake in it.
fn stand_in(ty: &TokenStream, krate: &Path) -> TokenStream {
    let value = quote!(::core::unreachable!());
    quote! {
        static CALL: #krate::__private::Deferred<(), #ty, #ty> = #krate::__private::Deferred {
            args: (),
            force: |()| #value,
            is_ready: |()| #value,
            peek: |()| #value,
            invalidate: |()| #value,
            fmt_call: |(), _| #value,
        };
    }
}

fn finish(item: &Static, krate: &Path, call: &TokenStream, diag: Diag) -> TokenStream {
    let Static { attrs, vis, name, ty, .. } = item;
    let errors = diag.tell();
    quote! {
        #(#attrs)*
        #vis static #name: #krate::Lazy<#ty> = {
            #call
            #krate::Lazy::of_static(&CALL)
        };
        #errors
    }
}
