//! Writing the expansion: one file for each thing that is emitted. No `if`, `match` or `loop` is ever written; all
//! that happens at run time is one call into `cached_core`.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Visibility;

use crate::block::{self, Block, Content};
use crate::diag::Diag;
use crate::item::{self, Item};
use crate::model::{Model, Place};
use crate::options::Options;
use crate::{advice, elided, late, unsized_types};

mod attrs;
mod batch;
mod beside;
mod companion;
mod entry;
mod fallback;
mod function;
mod hints;
mod judged;
mod lazily;
mod lazy_static;
mod lookup;
mod memo;
mod needs;
mod once;
mod outcome;
mod plain;
mod renamed;
mod unread;
mod verb;
mod warm;
mod worked_out;
pub(crate) mod writers;
mod written;

pub(crate) use entry::is_asked_by_key;
pub(crate) use function::cannot_run_again;
pub(crate) use memo::options_speak_of_self_type;

/// `#[memoize]`.
pub(crate) fn memoize(args: TokenStream, tokens: &TokenStream) -> TokenStream {
    if block::is_block(tokens) {
        return in_block(args, tokens);
    }
    // Of `#[memoize = 10]` the compiler has said that it is nothing of the kind.
    let args = if unread::is_told_of_args() { TokenStream::new() } else { args };
    let mut diag = Diag::default();
    let options = Options::parse(args, &mut diag);
    if lazy_static::is_static(tokens, &options) {
        return lazy_static::expand(tokens, &options, diag);
    }
    let mut item = match syn::parse2::<Item>(tokens.clone()) {
        Ok(item) => item,
        Err(error) => return unread::item(tokens, error, Some(&options), diag),
    };
    advice::without_self(&mut item.sig);
    let written = function(&item, &options, None, diag);
    let Written { function, beside, import, judged, errors, .. } = written;
    let path = options.krate.as_ref().filter(|_| item.receiver().is_some());
    let written = renamed::in_one(path, options.lazy.is_some(), function, &beside);
    quote!(#written #import #judged #errors)
}

/// `#[memoize] impl`.
fn in_block(args: TokenStream, tokens: &TokenStream) -> TokenStream {
    let mut diag = Diag::default();
    let options = Options::parse(args, &mut diag);
    let mut block = match syn::parse2::<Block>(tokens.clone()) {
        Ok(block) => block,
        Err(error) => return unread::item(tokens, error, Some(&options), diag),
    };
    options.of_block(&mut diag);
    if let Some(again) = block.attrs.iter().find(|attr| block::is_mark(attr)) {
        diag.at(again, "`#[memoize]` is given twice: drop one of them");
        block.attrs.retain(|attr| !block::is_mark(attr));
    }
    let is_right = diag.is_empty();
    let is_meant = |content: &Content| match content {
        Content::Marked(_) | Content::Unread(..) => true,
        Content::Other(tokens) => block::has_misspelt_mark(tokens),
    };
    let has_none = !block.content.iter().any(is_meant);
    // Options that stand on the block were meant for a function of it.
    if is_right && has_none {
        diag.at(
            &block.self_ty,
            "no function in this block is memoized: mark those that are to be with `#[memoize]`",
        );
    }
    let import = renamed::of_block(&mut block, options.krate);
    let mut errors = diag.tell();
    let mut all = all_of(&block, has_none);
    if block.lacks.borrow_mut().begin_again() {
        all = all_of(&block, has_none);
    }
    let [content, apart, judged, more] = all;
    errors.extend(more);
    let written = [block.with(content), block.apart(&apart)];
    if block.types.is_empty() {
        return quote!(#import #judged #(#written)* #errors);
    }
    // Aliases stand where nobody else has any.
    let (all, types) = (everywhere(&block.attrs), &block.types);
    quote!(#import #all #[allow(non_local_definitions)] const _: () = { #types #judged #(#written)* }; #errors)
}

/// What becomes of all that stands in a block: what stays in it, what goes beside it and before it, and errors.
fn all_of(block: &Block, has_none: bool) -> [TokenStream; 4] {
    let [mut content, mut apart, mut judged, mut errors] = [(); 4].map(|()| TokenStream::new());
    for one in &block.content {
        let written = of_content(one, block, has_none);
        content.extend(written.function);
        if written.is_apart { &mut apart } else { &mut content }.extend(written.beside);
        judged.extend([written.import, written.judged]);
        errors.extend(written.errors);
    }
    [content, apart, judged, errors]
}

/// What becomes of one thing in a block, in which perhaps nothing is marked.
fn of_content(one: &Content, block: &Block, has_none: bool) -> Written {
    let (own, errors, meant) = match one {
        Content::Marked(marked) => {
            let (attr, item) = &**marked;
            let mut diag = Diag::default();
            let options = Options::of_mark(attr, &mut diag);
            return function(item, &options, Some(block), diag);
        }
        Content::Unread(tokens, error) => {
            let (own, errors) = unread::in_block(tokens, error);
            (own, errors, item::like(tokens))
        }
        Content::Other(tokens) => {
            let meant = syn::parse2(tokens.clone()).ok().filter(|_| has_none);
            (tokens.clone(), TokenStream::new(), meant)
        }
    };
    let (beside, is_apart) = meant.map(|item| meant_beside(&item, block)).unwrap_or_default();
    Written { function: own, beside, errors, is_apart, ..Written::default() }
}

/// What would stand beside a function, for those who speak of it, and whether in a block of its own.
fn meant_beside(item: &Item, block: &Block) -> (TokenStream, bool) {
    let (options, mut diag) = (Options::default(), Diag::default());
    let model = Model::new(item, &options, Some(block), &mut diag);
    let _ = diag.tell();
    let [_, beside, _] = fallback::stand_in(&model, TokenStream::new());
    (beside, model.place == Place::Apart)
}

/// What becomes of one function.
#[derive(Default)]
struct Written {
    function: TokenStream,
    beside: TokenStream,
    /// What brings the library in, where it has another name.
    import: TokenStream,
    /// Other names for some of its types.
    judged: TokenStream,
    errors: TokenStream,
    /// Whether what is beside it needs a block of its own.
    is_apart: bool,
}

fn function(item: &Item, options: &Options, block: Option<&Block>, mut diag: Diag) -> Written {
    let is_told = unsized_types::is_as_in_its_trait(item, block);
    let sized = if is_told { None } else { unsized_types::mended(item, block, &mut diag) };
    let mended = sized.or_else(|| elided::mended(item, &mut diag));
    let mended = mended.or_else(|| late::mended(item, options, &mut diag));
    let item = mended.as_ref().unwrap_or(item);
    let mut model = Model::new(item, options, block, &mut diag);
    let import = renamed::of_function(&mut model);
    let judged = if model.sound { judged::Judged::of(&model) } else { None };
    if let Some(judged) = &judged {
        model = judged.within(model);
    }
    let is_apart = model.place == Place::Apart;
    let judged = judged.as_ref().map(|judged| judged.beside(&model)).unwrap_or_default();
    let written = |function, beside, errors| Written { function, beside, import, judged, errors, is_apart };
    if !model.sound {
        let [function, beside, errors] = fallback::expand(&model, diag.tell());
        return written(function, beside, errors);
    }
    if model.options.batch.marker.is_some() {
        let (function, beside) = batch::expand(&model);
        return written(function, beside, diag.tell());
    }
    if let Some(plain) = model.plain {
        let (function, beside) = plain::expand(&model, plain);
        return written(function, beside, diag.tell());
    }
    let function = function::expand(&model);
    let beside = match model.place {
        Place::Type(_) => companion::expand(&model),
        Place::Inside(_) => TokenStream::new(),
        _ => beside::expand(&model),
    };
    written(function, beside, diag.tell())
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
pub(crate) fn located(tokens: &impl ToTokens, span: Span) -> TokenStream {
    let at = |mut token: proc_macro2::TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.to_token_stream().into_iter().map(at).collect()
}

/// These tokens with this span, which may be of a later edition than they are: there a name may be a keyword.
fn placed(tokens: TokenStream, span: Span) -> TokenStream {
    let at = |mut token: TokenTree| {
        if matches!(&token, TokenTree::Ident(name) if name == "gen") {
            return Ident::new_raw("gen", span).into();
        }
        token.set_span(span);
        token
    };
    tokens.into_iter().map(at).collect()
}

/// How the type that carries a function's verbs begins, and where it ends: all of the function lies between. Should the
/// compiler look there for a name that it does not know, it does not say that this one is alike.
fn over_the_function(item: &Item, vis: &Visibility, keyword: &str) -> (TokenStream, Span) {
    let at = |span| Span::call_site().located_at(span);
    let mut vis = vis.clone();
    match &mut vis {
        Visibility::Public(own) => own.span = at(own.span),
        Visibility::Restricted(own) => own.pub_token.span = at(own.pub_token.span),
        Visibility::Inherited => {}
    }
    let keyword = Ident::new(keyword, at(item.sig.fn_token.span));
    (quote!(#vis #keyword), at(item.body.span_close()))
}

/// Tokens of ours that nothing is put into: the compiler reads a text faster than it is told of one token after the other.
fn fixed(text: &str) -> TokenStream {
    if !proc_macro::is_available() {
        return text.parse().expect("a text of ours can be read");
    }
    text.parse::<proc_macro::TokenStream>().expect("a text of ours can be read").into()
}

/// The same where it speaks of the library: as `__krate`, which no user has put into it.
fn fixed_with(krate: &syn::Path, text: &str) -> TokenStream {
    fn put(tokens: TokenStream, krate: &TokenStream) -> TokenStream {
        let one = |token| match token {
            TokenTree::Ident(name) if name == "__krate" => krate.clone(),
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), put(group.stream(), krate))).into()
            }
            token => token.into(),
        };
        tokens.into_iter().map(one).collect()
    }
    let is_known_name = krate.leading_colon.is_some() && krate.segments.len() == 1;
    if is_known_name && krate.segments[0].ident == "cached_core" {
        return fixed(&text.replace("__krate", "::cached_core"));
    }
    put(fixed(text), &krate.to_token_stream())
}

/// A name of ours for a parameter or a local, which no name of the user's can clash with.
pub(crate) fn ours(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
