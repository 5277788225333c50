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
    let is = |at: Option<usize>, signs: &str| match at.and_then(|at| all.get(at)) {
        Some(TokenTree::Punct(punct)) => signs.contains(punct.as_char()),
        _ => false,
    };
    let (mut written, mut is_other) = (TokenStream::new(), false);
    for (at, token) in all.iter().enumerate() {
        let other = match token {
            TokenTree::Ident(name) if !is(at.checked_sub(1), ":'") && !is(Some(at + 1), ":<!") => {
                floats(&name.clone().into(), function, far).map(|meant| types::respanned(meant, name.span()))
            }
            TokenTree::Group(group) => {
                let (inner, is_other) = replaced(group.stream(), function, far);
                let mut new = proc_macro2::Group::new(group.delimiter(), inner);
                new.set_span(group.span());
                is_other.then(|| TokenTree::Group(new).into())
            }
            _ => None,
        };
        is_other |= other.is_some();
        written.extend(other.unwrap_or_else(|| token.clone().into()));
    }
    (written, is_other)
}

/// What a name means, if that is put together from floats.
fn floats(path: &Path, function: Span, far: u8) -> Option<TokenStream> {
    let own = module::other_name(path, function).filter(|own| far > 0 && !types::borrows(own))?;
    let (tokens, _) = replaced(own.into_token_stream(), function, far - 1);
    let has_floats = ["f32", "f64"].iter().any(|float| types::mentions(tokens.clone(), float));
    has_floats.then_some(tokens)
}
