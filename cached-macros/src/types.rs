//! Looking at types as they are written.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Type, TypeReference};

/// Takes off the groups without delimiters that `macro_rules!` puts around a `$t:ty`, and parentheses.
pub(crate) fn peel(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            other => return other,
        }
    }
}

/// A reference, unless it is `&mut`.
pub(crate) fn as_reference(ty: &Type) -> Option<&TypeReference> {
    match peel(ty) {
        Type::Reference(reference) if reference.mutability.is_none() => Some(reference),
        _ => None,
    }
}

/// Whether a type is written with a borrow that may end: a reference or a lifetime other than `'static`.
pub(crate) fn borrows(ty: &Type) -> bool {
    any_borrow(ty.to_token_stream())
}

fn any_borrow(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if any_borrow(group.stream()) => return true,
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                let lives_on =
                    matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '\'');
                if !lives_on {
                    return true;
                }
            }
            TokenTree::Punct(punct)
                if punct.as_char() == '\''
                    && !matches!(tokens.peek(), Some(TokenTree::Ident(name)) if name == "static") =>
            {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// Whether these tokens name one of the idents, at any depth.
pub(crate) fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Ident(ident) => ident == name,
        _ => false,
    })
}

/// The type with every lifetime made `'static`, as a constant must name it.
pub(crate) fn forever(ty: &Type) -> TokenStream {
    replace(ty.to_token_stream())
}

fn replace(tokens: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let mut inner = proc_macro2::Group::new(group.delimiter(), replace(group.stream()));
                inner.set_span(group.span());
                inner.to_tokens(&mut out);
            }
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                let named = tokens.next();
                let span = named.map_or_else(|| punct.span(), |name| name.span());
                syn::Lifetime::new("'static", span).to_tokens(&mut out);
            }
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                punct.to_tokens(&mut out);
                if !matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '\'') {
                    syn::Lifetime::new("'static", punct.span()).to_tokens(&mut out);
                }
            }
            other => other.to_tokens(&mut out),
        }
    }
    out
}

/// Names of types that cannot be names of functions with a companion.
pub(crate) const PRIMITIVES: &[&str] = &[
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
    "isize", "f32", "f64",
];

/// Primitive types that are keys for sure, so that the compiler need not be asked.
pub(crate) fn is_plain_key(ty: &Type) -> bool {
    match peel(ty) {
        Type::Path(path) => path.path.get_ident().is_some_and(|name| {
            let name = name.to_string();
            PRIMITIVES.contains(&name.as_str()) && !name.starts_with('f')
        }),
        _ => false,
    }
}

pub(crate) fn is_str(ty: &Type) -> bool {
    matches!(peel(ty), Type::Path(path) if path.path.is_ident("str"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ty(text: &str) -> Type {
        syn::parse_str(text).unwrap()
    }

    #[test]
    fn borrows_are_found_at_any_depth() {
        for text in ["&str", "Option<&u8>", "Cow<'_, str>", "Vec<Box<dyn Fn(&u8) + 'a>>", "&'a [u8]"] {
            assert!(borrows(&ty(text)), "{text}");
        }
        for text in ["u8", "&'static str", "Option<&'static u8>", "Vec<Cow<'static, str>>"] {
            assert!(!borrows(&ty(text)), "{text}");
        }
    }

    #[test]
    fn forever_leaves_no_other_lifetime() {
        let text = forever(&ty("(&str, Cow<'a, str>, &'b mut [u8])")).to_string().replace(' ', "");
        assert_eq!(text, "(&'staticstr,Cow<'static,str>,&'staticmut[u8])");
    }
}
