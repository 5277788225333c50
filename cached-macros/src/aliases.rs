//! Floats by another name, as in `type Point = (f64, f64)`: they have to be taken out of a key as those are that are written down.

use std::borrow::Cow;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Path, Type};

use crate::sources::around::Place;
use crate::sources::module;
use crate::types;

/// How many names may lead on to each other.
const FAR: u8 = 8;

/// A type with what those names mean in it that stand beside the function and hold floats.
pub(crate) fn meant(ty: &Type, function: Span) -> Cow<'_, Type> {
    let may_be_such = |place: Place| {
        place.is_in_a_file_with("type ") && (place.is_in_a_file_with("f64") || place.is_in_a_file_with("f32"))
    };
    if !Place::of(function).is_some_and(may_be_such) {
        return Cow::Borrowed(ty);
    }
    let (tokens, is_other) = replaced(ty.to_token_stream(), function, FAR);
    let meant = is_other.then(|| syn::parse2(tokens).ok()).flatten();
    meant.map_or(Cow::Borrowed(ty), Cow::Owned)
}

/// The same of tokens, and whether there are such names.
fn replaced(tokens: TokenStream, function: Span, far: u8) -> (TokenStream, bool) {
    let all: Vec<_> = tokens.into_iter().collect();
    let (mut written, mut is_other, mut at) = (TokenStream::new(), false, 0);
    while at < all.len() {
        let path = path_at(&all, at);
        let (other, length) = match &all[at] {
            TokenTree::Ident(first) if !path.is_empty() => {
                let meant = syn::parse2(path.iter().cloned().collect()).ok();
                let meant = meant.and_then(|path: Path| floats(&path, function, far));
                (meant.map(|meant| types::respanned(meant, first.span())), path.len())
            }
            TokenTree::Group(group) => {
                let (inner, is_other) = replaced(group.stream(), function, far);
                let mut new = proc_macro2::Group::new(group.delimiter(), inner);
                new.set_span(group.span());
                (is_other.then(|| TokenTree::Group(new).into()), 1)
            }
            _ => (None, 1),
        };
        is_other |= other.is_some();
        written.extend(other.unwrap_or_else(|| all[at..at + length].iter().cloned().collect()));
        at += length;
    }
    (written, is_other)
}

/// The path without arguments that begins here, if one does.
fn path_at(all: &[TokenTree], at: usize) -> &[TokenTree] {
    let is = |at: Option<usize>, signs: &str| match at.and_then(|at| all.get(at)) {
        Some(TokenTree::Punct(punct)) => signs.contains(punct.as_char()),
        _ => false,
    };
    let is_name = |at: usize| matches!(all.get(at), Some(TokenTree::Ident(_)));
    if !is_name(at) || is(at.checked_sub(1), ":'") {
        return &[];
    }
    let mut end = at + 1;
    while is(Some(end), ":") && is(Some(end + 1), ":") && is_name(end + 2) {
        end += 3;
    }
    if is(Some(end), ":<!") { &[] } else { &all[at..end] }
}

/// What a name means, if that is put together from floats.
fn floats(path: &Path, function: Span, far: u8) -> Option<TokenStream> {
    let far = far.checked_sub(1)?;
    let beside = module::other_name(path, function);
    let beside = beside.map(|own| replaced(own.into_token_stream(), function, far).0);
    let tokens = beside.or_else(|| elsewhere(path, function))?;
    let has_floats = ["f32", "f64"].iter().any(|float| types::mentions(tokens.clone(), float));
    let ty: Type = syn::parse2(tokens.clone()).ok()?;
    (has_floats && !types::borrows(&ty)).then_some(tokens)
}

/// The same of a name from another module: there only what is known everywhere means the same.
fn elsewhere(path: &Path, function: Span) -> Option<TokenStream> {
    const EVERYWHERE: &[&str] = &["Box", "Option", "String", "Vec"];
    let tokens = module::name_from_elsewhere(path, function)?.into_token_stream();
    let is_other = types::any_ident(tokens.clone(), &mut |name| {
        ![EVERYWHERE, types::PRIMITIVES].iter().any(|known| known.iter().any(|known| name == known))
    });
    (!is_other).then_some(tokens)
}
