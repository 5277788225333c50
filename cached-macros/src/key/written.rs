//! What `key = ..` is given, before it is known of which function.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, Type};

use super::peel;
use crate::types;

/// What `key = ..` is given.
pub(crate) fn expression(input: syn::parse::ParseStream<'_>) -> syn::Result<Expr> {
    let expr: Expr = input.parse()?;
    if let Some((place, what)) = leaving(expr.to_token_stream()) {
        return Err(syn::Error::new(
            place,
            format!(
                "a key is worked out outside of the function, where nothing can be {what}: leave that to the body"
            ),
        ));
    }
    if let Some(part) = unsized_part(&expr) {
        return Err(syn::Error::new_spanned(
            part,
            "a part of a list has no size of its own: borrow it, as in `&ids[..2]`",
        ));
    }
    if let Some(ty) = without_size(&expr) {
        let (text, owned) = (types::text(ty), owned_form(ty));
        return Err(syn::Error::new_spanned(
            ty,
            format!("a key needs a size, and `{text}` has none: say {owned}"),
        ));
    }
    if let Some(infer) = left_open(&expr) {
        return Err(syn::Error::new_spanned(infer, "say the type of the key: `_` is none"));
    }
    if let Some(literal) = float(&expr) {
        return Err(syn::Error::new_spanned(
            literal,
            "a literal is the same for all calls, and tells none of them from another: name what counts, `key = (id, name.len())`",
        ));
    }
    let why = match peel(&expr) {
        Expr::Closure(_) => {
            "`key` takes an expression that speaks of the parameters, and no closure: write `key = (id, name.len())`"
        }
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(_), .. }) => {
            "a literal is the same key for all calls: write `key = format!(..)`, or name what counts, `key = (id, name.len())`"
        }
        _ => return Ok(expr),
    };
    Err(syn::Error::new_spanned(&expr, why))
}

/// Where an expression would leave the function, or wait, if not in a closure or block of its own.
fn leaving(tokens: TokenStream) -> Option<(Span, &'static str)> {
    let mut after_dot = false;
    for token in tokens {
        let was_after_dot = std::mem::replace(&mut after_dot, false);
        match &token {
            // A closure, or a block that runs later.
            TokenTree::Punct(punct) if punct.as_char() == '|' => return None,
            TokenTree::Ident(word) if word == "async" => return None,
            TokenTree::Punct(punct) if punct.as_char() == '?' => return Some((punct.span(), "returned")),
            TokenTree::Ident(word) if word == "return" => return Some((word.span(), "returned")),
            TokenTree::Ident(word) if was_after_dot && word == "await" => {
                return Some((word.span(), "awaited"));
            }
            TokenTree::Punct(punct) => after_dot = punct.as_char() == '.',
            TokenTree::Group(group) => {
                if let Some(found) = leaving(group.stream()) {
                    return Some(found);
                }
            }
            _ => {}
        }
    }
    None
}

/// `ids[..2]`, which only a reference can hold.
fn unsized_part(key: &Expr) -> Option<&Expr> {
    match peel(key) {
        Expr::Tuple(tuple) => tuple.elems.iter().find_map(unsized_part),
        Expr::Index(index) if matches!(peel(&index.index), Expr::Range(_)) => Some(key),
        _ => None,
    }
}

/// A type behind `as` that has no size, in a tuple as well.
fn without_size(key: &Expr) -> Option<&Type> {
    fn part(ty: &Type) -> Option<&Type> {
        match types::peel(ty) {
            Type::Tuple(tuple) => tuple.elems.iter().find_map(part),
            own => (types::is_str(own) || matches!(own, Type::Slice(_))).then_some(ty),
        }
    }
    match peel(key) {
        Expr::Tuple(tuple) => tuple.elems.iter().find_map(without_size),
        Expr::Cast(cast) => part(&cast.ty),
        _ => None,
    }
}

/// What owns the same as such a type.
fn owned_form(ty: &Type) -> String {
    match types::peel(ty) {
        Type::Slice(slice) => format!("`Vec<{}>`", types::text(&slice.elem)),
        _ => "`String`".to_owned(),
    }
}

/// A type that `as` leaves open.
fn left_open(key: &Expr) -> Option<&Type> {
    match peel(key) {
        Expr::Tuple(tuple) => tuple.elems.iter().find_map(left_open),
        Expr::Cast(cast) => Some(&*cast.ty).filter(|ty| types::is_left_open(ty)),
        _ => None,
    }
}

/// A float without a type that is the key, or a part of it: nobody could say of which type it is.
fn float(key: &Expr) -> Option<&Expr> {
    match peel(key) {
        Expr::Tuple(tuple) => tuple.elems.iter().find_map(float),
        Expr::Unary(unary) => float(&unary.expr).map(|_| key),
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(number), .. }) if number.suffix().is_empty() => {
            Some(key)
        }
        _ => None,
    }
}
