//! What is left to expand once everything has been checked. Borrows the user's tokens, so that all that is written
//! keeps their places.

use proc_macro2::{Ident, Span};
use syn::{Expr, FnArg, Pat, Path, ReturnType, Type};

use crate::check;
use crate::diag::Diag;
use crate::item::Item;
use crate::key::{self, Param, Part};
use crate::options::Options;
use crate::types;

/// A function to be memoized.
pub(crate) struct Model<'a> {
    pub(crate) item: &'a Item,
    pub(crate) options: &'a Options,
    /// Whether it can be expanded, if need be without an option that has a mistake in it.
    pub(crate) sound: bool,
    pub(crate) krate: Path,
    pub(crate) params: Vec<Param>,
    pub(crate) parts: Vec<Part>,
    /// The return type; `()` where none is written.
    pub(crate) returned: Type,
}

impl<'a> Model<'a> {
    pub(crate) fn new(item: &'a Item, options: &'a Options, diag: &mut Diag) -> Self {
        let before = diag.len();
        check::item(item, diag);
        let params = params(item, options);
        let parts = key::plan(&params, options, diag);
        check::options(item, options, &params, &parts, diag);
        let returned = match &item.sig.output {
            ReturnType::Default => syn::parse_quote!(()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        };
        let sound = diag.len() == before && !(before > 0 && options.changes_the_key());
        Self { item, options, sound, krate: options.crate_path(), params, parts, returned }
    }

    /// Whether only its own caller can drive the body of an asynchronous call: it borrows, or it calls itself, so that
    /// the compiler could not find out what its future can do without knowing it already.
    pub(crate) fn is_bound_to_caller(&self) -> bool {
        let borrows = self.params.iter().any(|param| types::borrows(&param.ty));
        borrows || types::mentions(self.item.body.stream(), &self.item.sig.ident.to_string())
    }

    /// Whether every part of the key has a type that can be written down.
    pub(crate) fn key_is_named(&self) -> bool {
        !self.parts.iter().any(|part| matches!(part, Part::Expr(expr) if expr.1.is_none()))
    }
}

/// The parameters as the wrapper has them: a name each, whatever the pattern.
fn params(item: &Item, options: &Options) -> Vec<Param> {
    let typed = item.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => Some(input),
        FnArg::Receiver(_) => None,
    });
    typed
        .enumerate()
        .map(|(index, input)| Param { name: name_of(&input.pat, index, options), ty: (*input.ty).clone() })
        .collect()
}

fn name_of(pat: &Pat, index: usize, options: &Options) -> Ident {
    let name = match pat {
        Pat::Ident(pat) if pat.subpat.is_none() => &pat.ident,
        _ => return Ident::new(&format!("arg{index}"), Span::mixed_site()),
    };
    // `_name` says "unused", which is not so in the wrapper: there the name is ours, unless a key speaks of it.
    let spoken_of = |key: &Expr| types::mentions(quote::quote!(#key), &name.to_string());
    if name.to_string().starts_with('_') && !options.key.as_ref().is_some_and(|(_, key)| spoken_of(key)) {
        return Ident::new(&name.to_string(), Span::mixed_site().located_at(name.span()));
    }
    name.clone()
}
