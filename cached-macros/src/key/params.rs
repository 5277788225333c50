//! The parameters as the wrapper and its companion have them: a name each, whatever the pattern.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, FnArg, Pat, Type};

use crate::item::Item;
use crate::options::Options;
use crate::patterns::Pattern;
use crate::{types, unknown};

/// A parameter of the wrapper and the companion's verbs.
pub(crate) struct Param {
    /// Its name there: the user's own, where the pattern is just a name.
    pub(crate) name: Ident,
    /// Its name inside of closures: another one only for `self`, which no closure can have.
    pub(crate) inner: Ident,
    pub(crate) ty: Type,
    /// What takes it apart, where it is not just a name.
    pub(crate) pattern: Option<Pattern>,
}

impl Param {
    /// Whether options call it so, or a part of it.
    pub(crate) fn is_called(&self, name: &Ident) -> bool {
        self.pattern.as_ref().map_or(self.name == *name, |pattern| pattern.binds(name))
    }

    /// Whether its pattern is of a type of this name.
    pub(super) fn is_taken_apart_as(&self, name: &Ident) -> bool {
        self.pattern
            .as_ref()
            .is_some_and(|pattern| types::mentions(pattern.written.to_token_stream(), &name.to_string()))
    }

    /// What its user calls it: by all names of its pattern, or `_`.
    pub(crate) fn called(&self) -> String {
        let name = self.name.to_string();
        match &self.pattern {
            Some(pattern) => pattern.names().iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            None if unknown::is_without_a_name(&name) => "_".to_owned(),
            None => name,
        }
    }
}

/// A parameter as the wrapper declares it.
impl ToTokens for Param {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.name.to_tokens(tokens);
        <syn::Token![:]>::default().to_tokens(tokens);
        self.ty.to_tokens(tokens);
    }
}

/// The parameters as the wrapper has them: a name each, whatever the pattern.
pub(crate) fn params(item: &Item, options: &Options) -> Vec<Param> {
    let param = |(index, input): (usize, &FnArg)| match input {
        FnArg::Receiver(receiver) => {
            let name = Ident::new("self", receiver.self_token.span);
            let inner = Ident::new("this", Span::mixed_site());
            Param { name, inner, ty: (*receiver.ty).clone(), pattern: None }
        }
        FnArg::Typed(input) => {
            let name = name_of(item, &input.pat, index, options);
            let pattern = match &*input.pat {
                pat if !is_name(pat) => Pattern::of(pat, &input.ty),
                // Another attribute has taken it apart in the body.
                _ if item.is_boxed_future() => Pattern::in_body(&item.body, &name, &input.ty),
                _ => None,
            };
            Param { inner: name.clone(), name, ty: types::in_full(&input.ty), pattern }
        }
    };
    item.sig.inputs.iter().enumerate().map(param).collect()
}

/// Whether a parameter is just a name.
fn is_name(pat: &Pat) -> bool {
    matches!(pat, Pat::Ident(own) if own.subpat.is_none())
}

fn name_of(item: &Item, pat: &Pat, index: usize, options: &Options) -> Ident {
    let name = match pat {
        Pat::Ident(own) if is_name(pat) => &own.ident,
        _ => {
            let (name, inputs) = (format!("arg{index}"), &item.sig.inputs);
            // What a pattern binds is its user's.
            let is_taken = types::mentions(quote!(#inputs), &name);
            let name = if is_taken { format!("argument_{index}") } else { name };
            return Ident::new(&name, Span::mixed_site());
        }
    };
    // `_name` says "unused", which is not so in the wrapper: there the name is ours, unless a key speaks of it.
    let spoken_of = |key: &Expr| types::mentions(quote!(#key), &name.to_string());
    if name.to_string().starts_with('_') && !options.key.as_ref().is_some_and(|(_, key)| spoken_of(key)) {
        return Ident::new(&name.to_string(), Span::mixed_site().located_at(name.span()));
    }
    name.clone()
}
