//! Writing the expansion: one file for each thing that is emitted. No `if`, `match` or `loop` is ever written; all
//! that happens at run time is one call into `cached_core`.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::block::{self, Block, Content};
use crate::diag::Diag;
use crate::item::Item;
use crate::model::{Model, Place};
use crate::options::Options;
use crate::unsized_types;

mod attrs;
mod batch;
mod beside;
mod companion;
mod fallback;
mod function;
mod hints;
mod lazily;
mod lazy_static;
mod lookup;
mod memo;
mod needs;
mod outcome;
mod plain;
mod warm;
pub(crate) mod writers;
mod written;

pub(crate) use function::cannot_run_again;

/// `#[memoize]`.
pub(crate) fn memoize(args: TokenStream, tokens: &TokenStream) -> TokenStream {
    if block::is_block(tokens) {
        return in_block(args, tokens);
    }
    let mut diag = Diag::default();
    let options = Options::parse(args, &mut diag);
    if lazy_static::is_static(tokens) {
        return lazy_static::expand(tokens, &options, diag);
    }
    let item = match syn::parse2::<Item>(tokens.clone()) {
        Ok(item) => item,
        Err(error) => return unread(tokens, error, diag),
    };
    let written = function(&item, &options, None, diag);
    let Written { function, beside, errors, .. } = written;
    quote!(#function #beside #errors)
}

/// What cannot be read is left as it is, beside the error. A function without a body gets one: outside of a trait the
/// compiler would miss it as well.
fn unread(tokens: &TokenStream, error: syn::Error, mut diag: Diag) -> TokenStream {
    let ends = tokens.clone().into_iter().last();
    let lacks_body = crate::item::is_function_item(tokens)
        && matches!(ends, Some(TokenTree::Punct(end)) if end.as_char() == ';');
    diag.push(error);
    let errors = diag.tell();
    if !lacks_body {
        return quote!(#tokens #errors);
    }
    let mut head: Vec<_> = tokens.clone().into_iter().collect();
    head.pop();
    quote!(#[allow(unused_variables, unused_mut)] #(#head)* { ::core::unreachable!() } #errors)
}

/// `#[memoize] impl`.
fn in_block(args: TokenStream, tokens: &TokenStream) -> TokenStream {
    let mut diag = Diag::default();
    let options = Options::parse(args, &mut diag);
    let mut block = match syn::parse2::<Block>(tokens.clone()) {
        Ok(block) => block,
        Err(error) => return unread(tokens, error, diag),
    };
    options.of_block(&mut diag);
    if !block.content.iter().any(|content| matches!(content, Content::Marked(_))) {
        diag.at(
            &block.self_ty,
            "no function in this block is memoized: mark those that are to be with `#[memoize]`",
        );
    }
    block.krate = options.krate;
    let (mut content, mut apart, mut errors) = (TokenStream::new(), TokenStream::new(), diag.tell());
    for one in &block.content {
        match one {
            Content::Other(tokens) => content.extend(tokens.clone()),
            Content::Marked(marked) => {
                let (attr, item) = &**marked;
                let mut diag = Diag::default();
                let options = Options::of_mark(attr, &mut diag);
                let written = function(item, &options, Some(&block), diag);
                content.extend(written.function);
                if written.is_apart { &mut apart } else { &mut content }.extend(written.beside);
                errors.extend(written.errors);
            }
        }
    }
    let (block, apart) = (block.with(content), block.apart(&apart));
    quote!(#block #apart #errors)
}

/// What becomes of one function.
struct Written {
    function: TokenStream,
    beside: TokenStream,
    errors: TokenStream,
    /// Whether what is beside it needs a block of its own.
    is_apart: bool,
}

fn function(item: &Item, options: &Options, block: Option<&Block>, mut diag: Diag) -> Written {
    let sized = unsized_types::mended(item, &mut diag);
    let item = sized.as_ref().unwrap_or(item);
    let mut model = Model::new(item, options, block, &mut diag);
    model.sound &= sized.is_none();
    let is_apart = model.place == Place::Apart;
    if !model.sound {
        let (function, beside) = fallback::expand(&model);
        return Written { function, beside, errors: diag.tell(), is_apart };
    }
    if options.batch.marker.is_some() {
        let (function, beside) = batch::expand(&model);
        return Written { function, beside, errors: diag.tell(), is_apart };
    }
    if model.is_plain {
        let (function, beside) = plain::expand(&model);
        return Written { function, beside, errors: diag.tell(), is_apart };
    }
    let function = function::expand(&model);
    let beside = match model.place {
        Place::Type(_) => companion::expand(&model),
        Place::Inside(_) => TokenStream::new(),
        _ => beside::expand(&model),
    };
    Written { function, beside, errors: diag.tell(), is_apart }
}

/// Of a block's attributes, those that whatever is emitted beside it needs.
pub(crate) fn everywhere(attrs: &[syn::Attribute]) -> TokenStream {
    attrs::Attrs::sort(attrs).all
}

/// The body's braces with the user's place and our content: lints that speak of the whole function need it.
fn braced(model: &Model<'_>, content: TokenStream) -> TokenStream {
    let mut group = proc_macro2::Group::new(proc_macro2::Delimiter::Brace, content);
    group.set_span(model.item.body.span());
    group.to_token_stream()
}

/// Tokens that mean what they mean here, in another place: errors point there.
fn located(tokens: &impl ToTokens, span: Span) -> TokenStream {
    let at = |mut token: proc_macro2::TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.to_token_stream().into_iter().map(at).collect()
}

/// A name of ours for a parameter or a local, which no name of the user's can clash with.
fn ours(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
