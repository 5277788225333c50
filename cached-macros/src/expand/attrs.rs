//! Which of the user's attributes go where.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

use crate::conditional;

/// The user's attributes, sorted by what they speak of.
#[derive(Default)]
pub(crate) struct Attrs {
    /// On the function that users call.
    pub(crate) function: TokenStream,
    /// On the function that holds the body.
    pub(crate) body: TokenStream,
    /// On whatever is emitted beside the function.
    pub(crate) all: TokenStream,
    /// What the function is spared, for all that is made of its head.
    pub(crate) spared: TokenStream,
}

impl Attrs {
    pub(crate) fn sort(attrs: &[Attribute]) -> Self {
        let mut sorted = Self::default();
        attrs.iter().for_each(|attr| sorted.add(attr));
        sorted
    }

    /// On what is made of the function's head.
    pub(crate) fn of_head(&self) -> TokenStream {
        let (all, spared) = (&self.all, &self.spared);
        quote!(#all #spared)
    }

    fn add(&mut self, attr: &Attribute) {
        match conditional::parts(attr) {
            Some((condition, inner)) => {
                inner
                    .iter()
                    .for_each(|meta| self.place(meta, &|meta| quote!(#[cfg_attr(#condition, #meta)])));
            }
            // With the user's place: what comes out of a macro, lints do not read as documentation.
            None => {
                self.place(&attr.meta, &|meta| quote::quote_spanned!(attr.pound_token.span=> #[#meta]));
            }
        }
    }

    fn place(&mut self, meta: &Meta, attr: &dyn Fn(&TokenStream) -> TokenStream) {
        let name = meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
        let own = attr(&quote!(#meta));
        match name.as_str() {
            "cfg" => {
                self.function.extend(own.clone());
                self.all.extend(own);
            }
            "allow" => {
                self.function.extend(own.clone());
                self.body.extend(own.clone());
                self.spared.extend(own);
            }
            // What the body is to be told of may show in its head too.
            "inline" | "cold" | "track_caller" | "must_use" | "target_feature" => {
                self.function.extend(own.clone());
                self.body.extend(own);
            }
            "warn" | "deny" | "forbid" => {
                self.function.extend(own);
                self.body.extend(without_seen(meta).map(|meta| attr(&quote!(#meta))));
            }
            // What a function writes, it writes when its body runs.
            _ if is_writer(meta) => self.body.extend(own),
            "expect" => self.expect(meta, attr),
            _ => {
                // It may use parameters that the body does not: the span of `tracing` that records them, for one.
                if !is_of_the_compiler(meta) {
                    self.body.extend(attr(&quote!(allow(unused_variables))));
                }
                self.function.extend(own);
            }
        }
    }

    /// Of two places only one sees what is expected, and the other would complain that it does not: what is said of
    /// the head is expected there, all else of the body.
    fn expect(&mut self, meta: &Meta, attr: &dyn Fn(&TokenStream) -> TokenStream) {
        let lints = Punctuated::<Meta, Token![,]>::parse_terminated;
        let Ok(lints) = meta.require_list().and_then(|list| list.parse_args_with(lints)) else { return };
        for lint in lints.iter().filter(|lint| !lint.path().is_ident("reason")) {
            let (expect, allow) = (attr(&quote!(expect(#lint))), attr(&quote!(allow(#lint))));
            let of_head =
                lint.path().segments.last().is_some_and(|name| HEAD.iter().any(|it| name.ident == it));
            let (first, second) = if of_head {
                (&mut self.function, &mut self.body)
            } else {
                (&mut self.body, &mut self.function)
            };
            first.extend(expect);
            second.extend(allow.clone());
            self.spared.extend(allow);
        }
    }
}

/// Whether it says what a function writes, under whatever path.
pub(crate) fn is_writer(meta: &Meta) -> bool {
    meta.path().segments.last().is_some_and(|last| last.ident == "invalidates" || last.ident == "updates")
}

/// Whether the compiler or one of its tools reads an attribute, and not a macro that sees the function's parameters.
fn is_of_the_compiler(meta: &Meta) -> bool {
    const OWN: &[&str] = &[
        "automatically_derived",
        "clippy",
        "coverage",
        "deprecated",
        "diagnostic",
        "doc",
        "export_name",
        "ignore",
        "link_section",
        "memoize",
        "no_mangle",
        "rustfmt",
        "should_panic",
        "unsafe",
    ];
    meta.path().segments.first().is_some_and(|first| OWN.iter().any(|own| first.ident == own))
}

/// Lints that speak of a function's head.
const HEAD: &[&str] = &[
    "dead_code",
    "double_must_use",
    "improper_ctypes_definitions",
    "missing_docs",
    "missing_errors_doc",
    "missing_panics_doc",
    "module_name_repetitions",
    "must_use_candidate",
    "non_snake_case",
    "private_interfaces",
    "similar_names",
    "too_many_arguments",
    "unreachable_pub",
];

/// Levels of lints, but for those that say how far a head is seen, which its body's would be told of once more. `None` where
/// no other is left.
fn without_seen(meta: &Meta) -> Option<Meta> {
    const SEEN: &[&str] = &["private_bounds", "private_interfaces"];
    let lints = Punctuated::<Meta, Token![,]>::parse_terminated;
    let Ok(lints) = meta.require_list().and_then(|list| list.parse_args_with(lints)) else {
        return Some(meta.clone());
    };
    let is_seen = |lint: &Meta| SEEN.iter().any(|name| lint.path().is_ident(name));
    if !lints.iter().any(is_seen) {
        return Some(meta.clone());
    }
    let path = meta.path();
    let others: Vec<_> = lints.iter().filter(|lint| !is_seen(lint)).collect();
    let is_left = others.iter().any(|lint| !lint.path().is_ident("reason"));
    is_left.then(|| syn::parse_quote!(#path(#(#others),*)))
}
