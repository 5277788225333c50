//! Writing the expansion: one file for each thing that is emitted. No `if`, `match` or `loop` is ever written; all
//! that happens at run time is one call into `cached_core`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::diag::Diag;
use crate::item::Item;
use crate::model::Model;
use crate::options::Options;

mod attrs;
mod batch;
mod companion;
mod fallback;
mod function;
mod lazy_static;
mod lookup;

/// `#[memoize]`.
pub(crate) fn memoize(args: TokenStream, tokens: &TokenStream) -> TokenStream {
    let mut diag = Diag::default();
    let options = Options::parse(args, &mut diag);
    if lazy_static::is_static(tokens) {
        return lazy_static::expand(tokens, &options, diag);
    }
    let item = match syn::parse2::<Item>(tokens.clone()) {
        Ok(item) => item,
        Err(error) => {
            diag.push(error);
            let errors = diag.tell();
            return quote!(#tokens #errors);
        }
    };
    let model = Model::new(&item, &options, &mut diag);
    if !model.sound {
        return fallback::expand(&model, diag);
    }
    if options.batch.marker.is_some() {
        let batch = batch::expand(&model);
        let errors = diag.tell();
        return quote!(#batch #errors);
    }
    let function = function::expand(&model);
    let companion = companion::expand(&model);
    let errors = diag.tell();
    quote!(#function #companion #errors)
}

/// The body's braces with the user's place and our content: lints that speak of the whole function need it.
fn braced(model: &Model<'_>, content: TokenStream) -> TokenStream {
    let mut group = proc_macro2::Group::new(proc_macro2::Delimiter::Brace, content);
    group.set_span(model.item.body.span());
    group.to_token_stream()
}

/// A name of ours for a parameter or a local, which no name of the user's can clash with.
fn ours(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
