//! A function as the attribute sees it: its head in full, its body as one group that nobody looks into.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::token::Paren;
use syn::{Attribute, FnArg, ReturnType, Signature, Token, Type, TypeParamBound, Visibility};

use crate::types;

/// See the module's words.
pub(crate) struct Item {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    /// The body, with the user's braces.
    pub(crate) body: Group,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        // As in `pub(crat)`, of which the compiler has told.
        if input.peek(Paren) {
            return Err(input.error("a visibility that is none"));
        }
        if !is_function(input) {
            return Err(input.error("`#[memoize]` goes on a function, or with `lazy` on a static"));
        }
        let sig = input.parse()?;
        match input.parse()? {
            TokenTree::Group(body) => Ok(Self { attrs, vis, sig, body: body_of(body) }),
            TokenTree::Punct(end) if end.as_char() == ';' => Err(syn::Error::new(
                end.span(),
                "`#[memoize]` goes on a function with a body: put it on the implementation",
            )),
            // That is for the compiler to say, who has read it before.
            other => Err(syn::Error::new(other.span(), "expected `{`")),
        }
    }
}

impl Item {
    /// With this head, of which the body knows nothing: beside an error.
    pub(crate) fn without_body(&self, sig: Signature) -> Self {
        let mut body = Group::new(Delimiter::Brace, quote!(::core::unreachable!()));
        body.set_span(self.body.span());
        let mut attrs = self.attrs.clone();
        attrs.push(syn::parse_quote!(#[allow(unused_variables, unused_mut)]));
        Self { attrs, vis: self.vis.clone(), sig, body }
    }

    pub(crate) fn receiver(&self) -> Option<&syn::Receiver> {
        self.sig.receiver()
    }

    /// What an `async fn` of a trait looks like once `async_trait` has been over it: the type its future yields.
    pub(crate) fn boxed_future(&self) -> Option<&Type> {
        let ReturnType::Type(_, ty) = &self.sig.output else { return None };
        let boxed = types::argument_of(ty, "Pin").and_then(|ty| types::argument_of(ty, "Box"))?;
        let Type::TraitObject(object) = types::peel(boxed) else { return None };
        object.bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => types::output_of(bound.path.segments.last()?),
            _ => None,
        })
    }

    pub(crate) fn is_boxed_future(&self) -> bool {
        self.boxed_future().is_some()
    }
}

/// Whether an error is one of what the compiler has nothing against.
pub(crate) fn is_our_word(error: &syn::Error) -> bool {
    error.to_string().starts_with("`#[")
}

/// Of a function whose head cannot be read, one of the same name with as many parameters, which takes anything.
pub(crate) fn like(tokens: &TokenStream) -> Option<Item> {
    let all: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let keyword = all.iter().position(|token| matches!(token, TokenTree::Ident(name) if name == "fn"))?;
    let params = all.iter().skip(keyword).find_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group.stream()),
        _ => None,
    })?;
    let before = |input: ParseStream<'_>| {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse().unwrap_or(Visibility::Inherited);
        input.parse::<TokenStream>().map(|_| (attrs, vis))
    };
    let (attrs, vis) = before.parse2(all[..keyword].iter().cloned().collect()).ok()?;
    let asyncness = all[..keyword].iter().find(|token| token.to_string() == "async");
    let is_generic = matches!(all.get(keyword + 2), Some(TokenTree::Punct(open)) if open.as_char() == '<');
    let name = all.get(keyword + 1)?;
    let params = typed(params.clone()).filter(|_| !is_generic).unwrap_or_else(|| untyped(params));
    let output = returned(&all).map_or_else(|| quote!(-> _), ToTokens::into_token_stream);
    // By the place of its keyword is seen what is around it.
    let keyword = &all[keyword];
    syn::parse2(quote!(#(#attrs)* #vis #asyncness #keyword #name(#(#params),*) #output {})).ok()
}

/// Parameters that can be read, whatever stands between them.
fn typed(params: TokenStream) -> Option<Vec<TokenStream>> {
    let read = |input: ParseStream<'_>| {
        let mut found = Vec::new();
        while !input.is_empty() {
            if input.parse::<Option<Token![,]>>()?.is_none() {
                found.push(input.parse::<FnArg>()?.into_token_stream());
            }
        }
        Ok(found)
    };
    read.parse2(params).ok()
}

/// As many parameters of any type.
fn untyped(params: TokenStream) -> Vec<TokenStream> {
    let params = between_commas(params);
    let is_self = |param: &&TokenStream| types::mentions((*param).clone(), "self");
    let receiver = params.first().filter(is_self).map(|_| quote!(&self));
    let others = (receiver.iter().len()..params.len()).map(|_| quote!(_: impl ::core::marker::Sized));
    receiver.into_iter().chain(others).collect()
}

/// What stands between the parameters of a function and its body, if that can be read: a type, whatever is written for the arrow.
fn returned(function: &[TokenTree]) -> Option<ReturnType> {
    let is = |token: &TokenTree, delimiter: Delimiter| matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter);
    let params = function.iter().position(|token| is(token, Delimiter::Parenthesis))?;
    let behind = function[params + 1..].iter().take_while(|token| !is(token, Delimiter::Brace));
    let is_of_arrow =
        |token: &&TokenTree| matches!(token, TokenTree::Punct(punct) if "-=>:".contains(punct.as_char()));
    let written: TokenStream = behind.clone().cloned().collect();
    let ty: TokenStream = behind.skip_while(is_of_arrow).cloned().collect();
    syn::parse2(written).or_else(|_| syn::parse2(quote!(-> #ty))).ok()
}

/// What stands between commas, but for those between the arguments of a type.
fn between_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let (mut found, mut depth, mut last) = (vec![TokenStream::new()], 0_u32, ' ');
    for token in tokens {
        let punct = if let TokenTree::Punct(punct) = &token { punct.as_char() } else { ' ' };
        match punct {
            '<' => depth += 1,
            '>' if last != '-' => depth = depth.saturating_sub(1),
            _ => {}
        }
        last = punct;
        match found.last_mut() {
            Some(part) if punct != ',' || depth > 0 => part.extend([token]),
            _ => found.push(TokenStream::new()),
        }
    }
    found.retain(|part| !part.is_empty());
    found
}

/// Whether an item is a function, if perhaps not one that can be read.
pub(crate) fn is_function_item(tokens: &TokenStream) -> bool {
    let head = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        if input.peek(Paren) {
            input.parse::<Group>()?;
        }
        let is_it = is_function(input);
        input.parse::<TokenStream>().map(|_| is_it)
    };
    head.parse2(tokens.clone()).unwrap_or(false)
}

/// Looks ahead, so that anything else is told apart from a function with a mistake in it.
fn is_function(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    while !ahead.is_empty() {
        if ahead.peek(syn::Token![fn]) {
            return true;
        }
        let qualifier = ahead.peek(syn::Token![const])
            || ahead.peek(syn::Token![async])
            || ahead.peek(syn::Token![unsafe])
            || ahead.peek(syn::Token![extern])
            || ahead.peek(syn::LitStr);
        if !qualifier || ahead.parse::<TokenTree>().is_err() {
            return false;
        }
    }
    false
}

/// A `$body:block` of `macro_rules!` arrives inside a group without delimiters.
fn body_of(group: Group) -> Group {
    if group.delimiter() != Delimiter::None {
        return group;
    }
    match group.stream().into_iter().next() {
        Some(TokenTree::Group(inner)) => body_of(inner),
        _ => group,
    }
}

/// The function as it was written.
impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.attrs.iter().for_each(|attr| attr.to_tokens(tokens));
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}
