//! For editors alone: each option that is written, also one that is not yet written in full, as a path to what is said of
//! it. So they complete its name and show what it does. The compiler does not see it.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::model::Model;

/// A statement for the beginning of the function; nothing where no option is written.
pub(super) fn statement(model: &Model<'_>) -> TokenStream {
    let (krate, names) = (&model.krate, model.options.hints());
    if names.is_empty() {
        return TokenStream::new();
    }
    quote! {
        #[allow(unexpected_cfgs)]
        {
            #[cfg(rust_analyzer)]
            use #krate::__private::hints::{#(#names as _),*};
        }
    }
}

/// A body with that statement in front of it, and another one.
pub(super) fn before(model: &Model<'_>, body: &Group, other: Option<TokenStream>) -> TokenStream {
    let mut statement = statement(model);
    statement.extend(other);
    let starts_inside =
        matches!(body.stream().into_iter().next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '#');
    if statement.is_empty() || starts_inside {
        return body.to_token_stream();
    }
    let content = body.stream();
    let mut hinted = Group::new(body.delimiter(), quote!(#statement #content));
    hinted.set_span(body.span());
    hinted.to_token_stream()
}
