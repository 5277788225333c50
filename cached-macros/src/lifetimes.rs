//! Lifetimes that a function speaks of and nobody declares: of what its user wrote the compiler says so, and it would say so
//! again of each item that is made of that.

use proc_macro2::{Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, Lifetime, Type};

use crate::item::Item;
use crate::types;

/// The lifetimes of a function's head that neither it nor its block or trait, of which these are the parameters, declares. Of a
/// method that is all one sees, nobody knows.
pub(crate) fn undeclared(item: &Item, around: Option<&Generics>) -> Vec<Lifetime> {
    if around.is_none() && item.receiver().is_some() {
        return Vec::new();
    }
    let sig = &item.sig;
    let mut found = Found::default();
    found.look(quote!(#sig));
    let generics = [&sig.generics].into_iter().chain(around);
    let declared = generics.flat_map(Generics::lifetimes).map(|param| param.lifetime.ident.to_string());
    found.declared.extend(declared);
    let Found { used, declared } = found;
    let mut missing: Vec<Lifetime> = Vec::new();
    for lifetime in used {
        if !declared.iter().any(|name| lifetime.ident == name) && !missing.contains(&lifetime) {
            missing.push(lifetime);
        }
    }
    missing
}

/// The generics with these lifetimes in front.
pub(crate) fn with(generics: &Generics, missing: &[Lifetime]) -> Generics {
    let mut all = generics.clone();
    for lifetime in missing.iter().rev() {
        all.params.insert(0, GenericParam::Lifetime(syn::LifetimeParam::new(lifetime.clone())));
    }
    all
}

/// Whether a lifetime is one that a call of the function cannot choose for itself, so that nothing can be lent to it which lives only as
/// long as the call: that of the block or trait, one that a bound speaks of, or that of a place in which another argument may keep what
/// it is lent.
pub(crate) fn is_chosen_around(lifetime: &Lifetime, item: &Item, others: &[&Type]) -> bool {
    const KEEPERS: &[&str] = &["Cell", "Mutex", "OnceCell", "OnceLock", "RefCell", "RwLock"];
    if lifetime.ident == "_" || lifetime.ident == "static" {
        return false;
    }
    let generics = &item.sig.generics;
    let Some(own) = generics.lifetimes().find(|param| param.lifetime == *lifetime) else { return true };
    let (types, clause) = (generics.type_params(), &generics.where_clause);
    let is_kept = |ty: &&Type| {
        let keeps =
            types::any_ident(ty.to_token_stream(), &mut |name| KEEPERS.iter().any(|keeper| name == keeper));
        keeps && speak_of(ty.to_token_stream(), lifetime)
    };
    !own.bounds.is_empty() || speak_of(quote!(#(#types)* #clause), lifetime) || others.iter().any(is_kept)
}

fn speak_of(tokens: TokenStream, lifetime: &Lifetime) -> bool {
    let mut found = Found::default();
    found.look(tokens);
    found.used.contains(lifetime)
}

/// What is spoken of, and what is declared by a `for<'a>`.
#[derive(Default)]
struct Found {
    used: Vec<Lifetime>,
    declared: Vec<String>,
}

impl Found {
    fn look(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        // Where the lifetimes are declared, up to `>`.
        let (mut is_for, mut declares) = (false, false);
        while let Some(token) = tokens.next() {
            let was_for = std::mem::take(&mut is_for);
            match token {
                TokenTree::Group(group) => self.look(group.stream()),
                TokenTree::Ident(ident) => is_for = ident == "for",
                TokenTree::Punct(punct) if punct.as_char() == '<' && was_for => declares = true,
                TokenTree::Punct(punct) if punct.as_char() == '>' => declares = false,
                TokenTree::Punct(punct) if punct.as_char() == '\'' && punct.spacing() == Spacing::Joint => {
                    let Some(TokenTree::Ident(name)) = tokens.next() else { continue };
                    match (name.to_string().as_str(), declares) {
                        ("static" | "_", _) => {}
                        (own, true) => self.declared.push(own.to_owned()),
                        (_, false) => self.used.extend(lifetime(&punct.into(), &name)),
                    }
                }
                _ => {}
            }
        }
    }
}

fn lifetime(apostrophe: &TokenTree, name: &proc_macro2::Ident) -> Option<Lifetime> {
    syn::parse2([apostrophe.clone(), name.to_token_stream().into_iter().next()?].into_iter().collect()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(function: &str) -> String {
        let item: Item = syn::parse_str(function).unwrap();
        undeclared(&item, None)
            .iter()
            .map(|lifetime| lifetime.ident.to_string())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn only_what_nobody_declares_is_missing() {
        assert_eq!(missing("fn f(a: &'a str, b: &'b [&'a u8]) -> &'c u8 {}"), "a b c");
        assert_eq!(missing("fn f<'a>(a: &'a str, b: &'static u8, c: Cow<'_, u8>) {}"), "");
        assert_eq!(
            missing("fn f<F: for<'x> Fn(&'x u8)>(a: fn(&u8), b: for<'y, 'z> fn(&'y u8, &'z u8)) {}"),
            ""
        );
        assert_eq!(missing("fn f<T>(a: T) where T: Clone + 'a {}"), "a");
        assert_eq!(missing("fn f(&self, a: &'a u8) {}"), "");
    }
}
