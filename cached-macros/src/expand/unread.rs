//! What cannot be read. It is left as it is, beside the error; unless it is the compiler who cannot read it either.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::fallback;
use crate::diag::Diag;
use crate::model::Model;
use crate::options::Options;
use crate::sources::around;
use crate::{block, item};

/// A function or a block. A function without a body gets one: outside of a trait the compiler would miss it as well.
pub(super) fn item(
    tokens: &TokenStream,
    error: syn::Error,
    options: Option<&Options>,
    mut diag: Diag,
) -> TokenStream {
    let all: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let (is_block, is_ours) = (block::is_block(tokens), item::is_our_word(&error));
    match all.split_last() {
        // Such a function belongs to another language, and a body would be one mistake more.
        Some((TokenTree::Punct(end), _)) if end.as_char() == ';' && is_extern(tokens) => {
            diag.push(error);
            let errors = diag.tell();
            quote!(#tokens #errors)
        }
        // What can stand in a body alone has been refused before.
        Some(_) if is_no_item(&all) => {
            let late = late(&error.to_string(), error.span());
            let _ = diag.tell();
            if matches!(&all[0], TokenTree::Ident(first) if first == "let") {
                quote!(#tokens #late)
            } else {
                quote!({ #late #tokens })
            }
        }
        _ if options.is_some_and(|options| options.lazy.is_some())
            && !is_ours
            && item::like(tokens).is_some() =>
        {
            let late = late(&error.to_string(), error.span());
            let [function, verbs, errors] = stand_in(tokens, options, diag.tell());
            quote!(#function #verbs #late #errors)
        }
        Some((TokenTree::Group(body), head))
            if !is_ours
                && !begins_inside(body)
                && body.delimiter() == Delimiter::Brace
                && (is_block || item::is_function_item(tokens)) =>
        {
            let [_, verbs, errors] = stand_in(tokens, options, diag.tell());
            let own = filled(head, body, is_block, &error);
            quote!(#own #verbs #errors)
        }
        // As in `fn price(id: u32) -> u32 = id;`.
        Some((TokenTree::Punct(_), _)) if !is_ours && item::is_function_item(tokens) => {
            let late = late(&error.to_string(), error.span());
            let [_, verbs, errors] = stand_in(tokens, options, diag.tell());
            quote!(#tokens #late #verbs #errors)
        }
        Some((TokenTree::Punct(end), head)) if end.as_char() == ';' && item::is_function_item(tokens) => {
            diag.push(error);
            let [_, verbs, errors] = stand_in(tokens, options, diag.tell());
            let own = with_a_body(head);
            quote!(#own #verbs #errors)
        }
        _ => {
            diag.push(error);
            let errors = diag.tell();
            quote!(#tokens #errors)
        }
    }
}

/// A function or block as it was written, beside an error where the compiler has none.
fn filled(head: &[TokenTree], body: &Group, is_block: bool, error: &syn::Error) -> TokenStream {
    let late = late(&format!("the attribute of this function cannot read it: {error}"), error.span());
    let content = if is_block { without_marks(body.stream()) } else { body.stream() };
    let (inside, beside) = if is_block { (None, Some(late)) } else { (Some(late), None) };
    let mut filled = Group::new(Delimiter::Brace, quote!(#inside #content));
    filled.set_span(body.span());
    quote!(#(#head)* #filled #beside)
}

fn with_a_body(head: &[TokenTree]) -> TokenStream {
    quote!(#[allow(unused_variables, unused_mut)] #(#head)* { ::core::unreachable!() })
}

/// What is marked in a block, and the error.
pub(super) fn in_block(tokens: &TokenStream, error: &syn::Error) -> (TokenStream, TokenStream) {
    let own = without_marks(tokens.clone());
    if !item::is_our_word(error) {
        return (own, late(&error.to_string(), error.span()));
    }
    let all: Vec<TokenTree> = own.clone().into_iter().collect();
    let own = match all.split_last() {
        Some((TokenTree::Punct(_), head)) if item::is_function_item(&own) => with_a_body(head),
        _ => own,
    };
    (own, error.to_compile_error())
}

/// A function that takes anything, and what would stand beside the one whose head was not read, for those who speak of it.
fn stand_in(tokens: &TokenStream, options: Option<&Options>, errors: TokenStream) -> [TokenStream; 3] {
    let (Some(item), Some(options)) = (item::like(tokens), options) else {
        return [TokenStream::new(), TokenStream::new(), errors];
    };
    let mut diag = Diag::default();
    let model = Model::new(&item, options, None, &mut diag);
    let _ = diag.tell();
    fallback::stand_in(&model, errors)
}

/// A static that is written in a way that the compiler refuses as well.
pub(super) fn of_static(tokens: &TokenStream, error: &syn::Error, diag: Diag) -> TokenStream {
    let (errors, late) = (diag.tell(), late(&error.to_string(), error.span()));
    quote!(#tokens #late #errors)
}

/// Whether a function stands in a block of functions of another language.
fn is_extern(tokens: &TokenStream) -> bool {
    let function = tokens.clone().into_iter().find(|token| token.to_string() == "fn");
    let around = function.and_then(|function| around::Place::of(function.span())?.around());
    around.is_some_and(|around| around.word(0).is_empty() && around.says("extern"))
}

/// Whether this begins as a statement or an expression does.
fn is_no_item(tokens: &[TokenTree]) -> bool {
    match tokens {
        [TokenTree::Ident(first), ..] => first == "let" || first == "move",
        [TokenTree::Punct(first), ..] => first.as_char() == '|',
        [TokenTree::Group(first), ..] => first.delimiter() == Delimiter::Brace,
        _ => false,
    }
}

/// Whether a body begins with an attribute of its own, as `#![allow(..)]` must.
fn begins_inside(body: &Group) -> bool {
    let mut tokens = body.stream().into_iter();
    let mut is = |c| matches!(tokens.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == c);
    is('#') && is('!')
}

/// The error where the compiler has none. It has read all there is before it calls a macro, and says itself what it made
/// nothing of. So this is a lint, which it comes to where nothing else is wrong.
pub(super) fn late(why: &str, place: Span) -> TokenStream {
    let call = quote::quote_spanned!(place=> not_memoized(););
    quote! {
        #[doc(hidden)]
        const _: () = {
            #[allow(dead_code)]
            #[deny(unused_must_use)]
            fn unread() {
                #[must_use = #why]
                fn not_memoized() -> ::core::primitive::bool { false }
                #call
            }
        };
    }
}

/// What stands in a block, without the attributes that only mean something together with that of the block.
fn without_marks(content: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut tokens = content.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_hash = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
        let is_mark = |next: &TokenTree| {
            let attr = quote!(#token #next);
            let attrs = syn::parse::Parser::parse2(syn::Attribute::parse_outer, attr);
            attrs.is_ok_and(|attrs| attrs.iter().any(block::is_mark))
        };
        if is_hash && tokens.peek().is_some_and(is_mark) {
            tokens.next();
        } else {
            token.to_tokens(&mut out);
        }
    }
    out
}

/// Whether the attribute is written `#[memoize = ..]`.
pub(super) fn is_told_of_args() -> bool {
    let text = Span::call_site().source_text().unwrap_or_default();
    let name = text.trim_start_matches(['#', '!', '[', ' ']);
    let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(name.len());
    text.starts_with('#') && name[end..].trim_start().starts_with('=')
}
