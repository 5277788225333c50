//! What is emitted beside a method: its cache and its body, under names made from its own.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;

use super::attrs::Attrs;
use super::{companion, entry, lazily, memo, needs, warm, worked_out, written};
use crate::item::Item;
use crate::model::{Model, Place};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    if model.place == Place::Nowhere {
        return TokenStream::new();
    }
    let name = model.item.sig.ident.unraw();
    let attrs = Attrs::sort(&model.item.attrs);
    let spared = &attrs.spared;
    // What implements a trait is as public as the trait; its own block has no other to go by.
    let vis = match model.place {
        Place::Apart => syn::parse_quote!(pub),
        _ => model.item.vis.clone(),
    };
    let doc = format!("The cache of `{name}`.");
    let quiet = quote! {
        #[allow(dead_code, non_snake_case, private_interfaces, unreachable_pub, unused_lifetimes)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
    };
    let cache = match &model.options.inside {
        Some(_) if !model.key_is_named() => TokenStream::new(),
        Some((_, field)) => instance(model, field, &vis, &doc, &quiet),
        None => memo::cache(model, &quote!(#spared #[doc = #doc] #quiet), &vis),
    };
    let doc = format!("`{name}`, past its cache.");
    let (body, odd) = (&attrs.body, is_odd(&name).then(|| quote!(#[allow(non_snake_case)])));
    let uncached = companion::uncached(model, &vis, &quote!(#[doc = #doc] #odd #body));
    let lazily = lazily::verbs(model);
    let written = written::verbs(model);
    let called = needs::called(model);
    let doc = format!("Loads keys of `{name}` ahead of their calls.");
    let warm = warm::verbs(
        model,
        &quote!(#spared #[doc = #doc] #quiet #[allow(async_fn_in_trait, deprecated)]),
        &vis,
    );
    let (worked_out, entry) = (worked_out::constant(model), entry::declared(model));
    let beside = quote!(#worked_out #entry #cache #uncached #called #lazily #written #warm);
    if attrs.all.is_empty() { beside } else { each(&attrs.all, beside) }
}

/// Each of these functions with these attributes: what is there under a condition.
fn each(attrs: &TokenStream, functions: TokenStream) -> TokenStream {
    let parser = |input: ParseStream<'_>| {
        let mut all = TokenStream::new();
        while !input.is_empty() {
            all.extend(attrs.clone());
            input.parse::<Item>()?.to_tokens(&mut all);
        }
        Ok(all)
    };
    parser.parse2(functions).expect("attributes are followed by a function")
}

/// Whether names made from this one are not as lints want them, which is said of the function, if of anything: `gen_` may be
/// called so, and `gen__uncached` may not. Of other functions the body is not spared what is said of names in it.
fn is_odd(name: &Ident) -> bool {
    let name = name.to_string();
    name.ends_with('_') || name.contains("__") || name.chars().any(char::is_uppercase)
}

/// The instance's own cache, which knows from here on whose it is.
fn instance(
    model: &Model<'_>,
    field: &syn::Expr,
    vis: &syn::Visibility,
    doc: &str,
    quiet: &TokenStream,
) -> TokenStream {
    let (krate, cache) = (&model.krate, model.beside("cache"));
    let seen = model.seen();
    let (key, value) = (super::lookup::key_type(seen), super::outcome::value_type(seen));
    let spec = memo::spec(model);
    let here = super::located(krate, field.span());
    let fits = super::lookup::fits(seen).into_iter().chain(super::outcome::fits(seen));
    let fits =
        fits.reduce(|all, fit| quote!(#all && #fit)).map_or_else(|| quote!(true), |all| quote!({ #all }));
    let bound =
        quote_spanned!(field.span()=> #here::__private::bound::<#fits, #key, #value>(&#field, || #spec));
    quote! {
        #[doc = #doc]
        #quiet
        #vis fn #cache(&self) -> &#krate::Memo<#key, #value> {
            #bound
        }
    }
}
