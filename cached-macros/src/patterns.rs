//! Parameters that are taken apart, `Path(id): Path<u32>`: options speak of what the pattern binds, for which it is written once more,
//! before the option's expression, and moves nothing there: what is `Copy` is copied, and all else is lent.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::{Expr, Pat, Path, Type, parse_quote_spanned};

use crate::diag::Diag;
use crate::expand::located;
use crate::key::{self, Param, Worked, peel};
use crate::types;

/// What takes an argument apart.
pub(crate) struct Pattern {
    /// As its user wrote it.
    pub(crate) written: Pat,
    pat: Pat,
    how: How,
    names: Vec<Ident>,
    /// Those that are bound by reference here and not by their user.
    lent: Vec<Ident>,
}

/// How an argument is taken apart that stays as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// As its user does: it is a reference.
    AsWritten,
    /// With a `ref` at each name.
    ByRef,
    /// By way of a reference to it.
    Lent,
}

impl Pattern {
    /// That of a parameter which is not just a name.
    pub(crate) fn of(pat: &Pat, ty: &Type) -> Option<Self> {
        let how = match types::as_reference(ty) {
            Some(_) => How::AsWritten,
            None if says_how(pat) => How::ByRef,
            None => How::Lent,
        };
        let mut pattern =
            Self { written: pat.clone(), pat: pat.clone(), how, names: Vec::new(), lent: Vec::new() };
        take_apart(&mut pattern.pat, how, &mut pattern.names, &mut pattern.lent)?;
        (!pattern.names.is_empty()).then_some(pattern)
    }

    /// The same where `#[async_trait]` has moved it into the body: `let (id, name) = { .. __arg1 };`.
    pub(crate) fn in_body(body: &Group, param: &Ident, ty: &Type) -> Option<Self> {
        let is_moved = param.to_string().starts_with("__arg");
        is_moved.then(|| Self::of(&moved(body.stream(), param)?, ty)).flatten()
    }

    pub(crate) fn names(&self) -> &[Ident] {
        &self.names
    }

    pub(crate) fn binds(&self, name: &Ident) -> bool {
        self.names.iter().any(|own| own.unraw() == name.unraw())
    }

    /// Statements that bind its names to what they are of an argument: given as a place and as a reference to it. Those that are spoken
    /// of are of their own type. Of a pattern that something may not match the compiler tells where its user wrote it.
    pub(crate) fn bind(
        &self,
        spoken_of: &[&Ident],
        place: &TokenStream,
        lent: &TokenStream,
        krate: &Path,
    ) -> TokenStream {
        let (pat, from) = (&self.pat, if self.how == How::Lent { lent } else { place });
        let copied = self.lent.iter().filter(|own| spoken_of.contains(own));
        quote! {
            #[allow(unused_variables, unused_mut, non_shorthand_field_patterns, irrefutable_let_patterns)]
            #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
            let #pat = #from else { ::core::unreachable!() };
            #(
                #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
                let #copied = #krate::__bound!(#copied);
            )*
        }
    }
}

/// Lets a part of a key speak of what patterns bind.
pub(crate) fn bind(params: &[Param], part: &mut Worked, krate: &Path) {
    let written = &part.written;
    for param in params {
        let Some(pattern) = &param.pattern else { continue };
        let is_spoken_of =
            |own: &&Ident| types::any_name(quote!(#written), &mut |name| name.unraw() == own.unraw());
        let names: Vec<_> = pattern.names.iter().filter(is_spoken_of).collect();
        if !names.is_empty() {
            let name = &param.name;
            let lent = quote!(#krate::__private::lent(&#name));
            part.bound.extend(pattern.bind(&names, &quote!(#name), &lent, krate));
        }
    }
    let is_alone = alone(params, written).is_some();
    // All of it at the user's place, which is what errors point at.
    let krate = located(krate, written.span());
    if part.ty.is_none()
        && (is_alone || matches!(peel(written), Expr::Reference(own) if own.mutability.is_none()))
    {
        // A reference to what borrows itself is owned with all of that.
        part.expr = parse_quote_spanned!(written.span()=> #krate::__own_behind!(#written));
    }
    let is_field = key::is_field(written, params);
    if part.ty.is_none() && is_field {
        part.expr = parse_quote_spanned!(written.span()=> #krate::__own_behind!(&#written));
    }
    // What is to be of a type that is said may own what is bound.
    if part.ty.is_some() && (is_alone || is_field) {
        part.expr = parse_quote_spanned!(written.span()=> #krate::__private::BoundAs::bound_as(&#written));
    }
}

/// The name that an expression is, where a pattern binds that.
pub(crate) fn alone<'a>(params: &[Param], part: &'a Expr) -> Option<&'a Ident> {
    let Expr::Path(path) = peel(part) else { return None };
    let mut patterns = params.iter().filter_map(|param| param.pattern.as_ref());
    path.path.get_ident().filter(|name| patterns.any(|own| own.binds(name)))
}

/// All names that options can speak of, each with the position of its parameter.
pub(crate) fn spoken_of(params: &[Param]) -> Vec<(Ident, usize)> {
    let of_param = |(index, param): (usize, &Param)| {
        let names = param.pattern.as_ref().map_or(std::slice::from_ref(&param.name), Pattern::names);
        names.iter().map(move |name| (name.clone(), index)).collect::<Vec<_>>()
    };
    params.iter().enumerate().flat_map(of_param).collect()
}

/// The same as texts.
pub(crate) fn names(params: &[Param]) -> Vec<String> {
    spoken_of(params).into_iter().map(|(name, _)| name.to_string()).collect()
}

/// The pattern of a `let` that takes a parameter and nothing else.
fn moved(tokens: TokenStream, param: &Ident) -> Option<Pat> {
    let all: Vec<_> = tokens.into_iter().collect();
    let is = |at: usize, text: &str| all.get(at).is_some_and(|token: &TokenTree| token.to_string() == text);
    let is_value = |token: &TokenTree| match token {
        TokenTree::Group(group) => {
            group.stream().into_iter().last().is_some_and(|last| *param == last.to_string())
        }
        token => *param == token.to_string(),
    };
    let is_it = |at: &usize| is_value(&all[*at]) && *at > 0 && is(at - 1, "=") && is(at + 1, ";");
    let found = (0..all.len()).find(is_it).and_then(|at| {
        let from = (0..at).rev().find(|from| is(*from, "let"))?;
        Pat::parse_single.parse2(all[from + 1..at - 1].iter().cloned().collect()).ok()
    });
    found.or_else(|| {
        all.iter().find_map(|token| match token {
            TokenTree::Group(group) => moved(group.stream(), param),
            _ => None,
        })
    })
}

/// Whether a pattern follows a reference, or says itself how it binds.
fn says_how(pat: &Pat) -> bool {
    fn is_in(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => is_in(group.stream()),
            TokenTree::Ident(word) => word == "ref",
            TokenTree::Punct(punct) => punct.as_char() == '&',
            TokenTree::Literal(_) => false,
        })
    }
    is_in(pat.to_token_stream())
}

/// Lets a pattern bind without moving, and finds what it binds; `None` where that is not known.
fn take_apart(pat: &mut Pat, how: How, names: &mut Vec<Ident>, lent: &mut Vec<Ident>) -> Option<()> {
    let mut all = |parts: &mut dyn Iterator<Item = &mut Pat>| -> Option<()> {
        parts.map(|part| take_apart(part, how, names, lent)).collect()
    };
    match pat {
        // A constant, or a type without fields.
        Pat::Ident(own) if own.ident.unraw().to_string().starts_with(char::is_uppercase) => Some(()),
        Pat::Ident(own) => {
            all(&mut own.subpat.iter_mut().map(|(_, pat)| &mut **pat))?;
            // Of several patterns each binds the same names.
            let is_new = !names.contains(&own.ident);
            names.extend(is_new.then(|| own.ident.clone()));
            if how != How::AsWritten {
                own.mutability = None;
                if own.by_ref.is_none() && is_new {
                    lent.push(own.ident.clone());
                }
                own.by_ref = (how == How::ByRef).then(|| syn::Token![ref](own.ident.span()));
            }
            Some(())
        }
        Pat::Paren(own) => take_apart(&mut own.pat, how, names, lent),
        Pat::Reference(own) => take_apart(&mut own.pat, how, names, lent),
        Pat::Slice(own) => all(&mut own.elems.iter_mut()),
        Pat::Struct(own) => all(&mut own.fields.iter_mut().map(|field| &mut *field.pat)),
        Pat::Tuple(own) => all(&mut own.elems.iter_mut()),
        Pat::TupleStruct(own) => all(&mut own.elems.iter_mut()),
        Pat::Or(own) => all(&mut own.cases.iter_mut()),
        Pat::Const(_) | Pat::Lit(_) | Pat::Path(_) | Pat::Range(_) | Pat::Rest(_) | Pat::Wild(_) => Some(()),
        _ => None,
    }
}

/// Says of what is skipped that the rest of its argument is not.
pub(crate) fn in_part(params: &[Param], skipped: &[Ident], diag: &mut Diag) {
    for pattern in params.iter().filter_map(|param| param.pattern.as_ref()) {
        let is_skipped = |name: &&Ident| skipped.contains(name);
        let rest: Vec<_> =
            pattern.names.iter().filter(|name| !is_skipped(name)).map(ToString::to_string).collect();
        let first = skipped.iter().find(|name| pattern.binds(name));
        if let Some(name) = first.filter(|_| !rest.is_empty()) {
            let rest = rest.join("`, `");
            let message = format!(
                "`{name}` is a part of an argument, with `{rest}`: `skip` leaves out whole arguments; say what counts, `key = (..)`"
            );
            diag.at(name, message);
        }
    }
}
