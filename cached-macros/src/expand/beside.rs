//! What is emitted beside a method: its cache and its body, under names made from its own.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::attrs::Attrs;
use super::{companion, lazily, memo, needs, warm, written};
use crate::model::{Model, Place};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    if model.place == Place::Nowhere {
        return TokenStream::new();
    }
    let name = model.item.sig.ident.unraw();
    let attrs = Attrs::sort(&model.item.attrs);
    let (all, of_head) = (&attrs.all, attrs.of_head());
    // What implements a trait is as public as the trait; its own block has no other to go by.
    let vis = match model.place {
        Place::Apart => syn::parse_quote!(pub),
        _ => model.item.vis.clone(),
    };
    let doc = format!("The cache of `{name}`.");
    let quiet = quote! {
        #[allow(dead_code, non_snake_case, private_interfaces, unreachable_pub)]
        #[allow(clippy::all, clippy::pedantic, clippy::restriction)]
    };
    let cache = match &model.options.inside {
        Some(_) if !model.key_is_named() => TokenStream::new(),
        Some((_, field)) => instance(model, field, &vis, &doc, &quiet),
        None => memo::cache(model, &quote!(#of_head #[doc = #doc] #quiet), &vis),
    };
    let doc = format!("`{name}`, past its cache.");
    let (body, odd) = (&attrs.body, is_odd(&name).then(|| quote!(#[allow(non_snake_case)])));
    let uncached = companion::uncached(model, &vis, &quote!(#all #[doc = #doc] #odd #body));
    let lazily = lazily::verbs(model);
    let written = written::verbs(model);
    let called = needs::called(model);
    let doc = format!("Loads keys of `{name}` ahead of their calls.");
    let warm = warm::verbs(model, &quote!(#of_head #[doc = #doc] #quiet #[allow(async_fn_in_trait)]), &vis);
    quote!(#cache #uncached #called #lazily #written #warm)
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
    let (key, value) = (super::lookup::key_type(model), super::outcome::value_type(model));
    let spec = memo::spec(model);
    let here = super::located(krate, field.span());
    let bound = quote_spanned!(field.span()=> #here::__private::bound::<#key, #value>(&#field, || #spec));
    quote! {
        #[doc = #doc]
        #quiet
        #vis fn #cache(&self) -> &#krate::Memo<#key, #value> {
            #bound
        }
    }
}
