//! Which of the user's attributes go where.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// The user's attributes, sorted by what they speak of.
#[derive(Default)]
pub(crate) struct Attrs {
    /// On the function that users call.
    pub(crate) function: TokenStream,
    /// On the function that holds the body.
    pub(crate) body: TokenStream,
    /// On whatever is emitted beside the function.
    pub(crate) all: TokenStream,
}

impl Attrs {
    pub(crate) fn sort(attrs: &[Attribute]) -> Self {
        let mut sorted = Self::default();
        attrs.iter().for_each(|attr| sorted.add(attr));
        sorted
    }

    fn add(&mut self, attr: &Attribute) {
        if attr.path().is_ident("cfg_attr")
            && let Some((condition, inner)) = cfg_attr(attr)
        {
            for meta in inner {
                let one = quote!(#[cfg_attr(#condition, #meta)]);
                self.place(&meta, &one);
            }
            return;
        }
        self.place(&attr.meta, &attr.to_token_stream());
    }

    fn place(&mut self, meta: &Meta, attr: &TokenStream) {
        let name = meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
        match name.as_str() {
            "cfg" => {
                self.function.extend(attr.clone());
                self.all.extend(attr.clone());
            }
            // Of two places only one would see what is expected, and the other complain.
            "expect" => {
                self.body.extend(attr.clone());
                if let Meta::List(list) = meta {
                    let lints = &list.tokens;
                    self.function.extend(quote!(#[allow(#lints)]));
                }
            }
            // What the body is to be spared of may show in its head too.
            "allow" | "warn" | "deny" | "forbid" | "inline" | "cold" | "track_caller" | "must_use" => {
                self.function.extend(attr.clone());
                self.body.extend(attr.clone());
            }
            _ => self.function.extend(attr.clone()),
        }
    }
}

/// The condition of a `cfg_attr`, and the attributes under it.
fn cfg_attr(attr: &Attribute) -> Option<(Meta, Punctuated<Meta, Token![,]>)> {
    let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
    let mut parts = attr.parse_args_with(parser).ok()?.into_iter();
    Some((parts.next()?, parts.collect()))
}
