//! `Self::Out` in the block of a trait. The bodies of memoized functions go into a block of the type's own, where nobody knows of
//! the trait: so whose type it is is written down.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, GenericParam, Generics, Lifetime, Token, Type, WherePredicate};

use crate::block::Content;
use crate::sources::around::Place;
use crate::types;

/// What is to be done about a `self` that a function has not.
pub(crate) fn mended(function: Span) -> &'static str {
    let around = Place::of(function).and_then(|own| own.around());
    if around.is_some_and(|around| ["impl", "trait"].contains(&around.word(0))) {
        "write `&self` as the first parameter, or drop this"
    } else {
        "drop this"
    }
}

/// Spells out the types that the block declares.
pub(crate) fn spell_declared(content: &mut [Content], of_trait: &Type) -> syn::Result<()> {
    let names: Vec<Ident> = content.iter().filter_map(associated_type).collect();
    spell(content, &names, &|own, name| quote!(<#own as #of_trait>::#name))
}

/// Spells out all others. The trait that declares them is one that the block's own asks for: which, the compiler alone can tell. So
/// each gets an alias; these are returned.
pub(crate) fn spell_inherited(
    content: &mut [Content],
    of_trait: &Type,
    generics: &Generics,
    self_ty: &Type,
) -> syn::Result<TokenStream> {
    let mut names = Vec::new();
    for one in content.iter() {
        if let Content::Marked(marked) = one {
            let sig = &marked.1.sig;
            find(without_braces(quote!(#sig)), &is_type_in_head, &mut names);
            find(marked.1.body.stream(), &is_type_in_body, &mut names);
        }
    }
    if names.is_empty() {
        return Ok(TokenStream::new());
    }
    let mut left_out = Vec::new();
    let of_trait = types::named(of_trait, &mut left_out);
    let declared = aliases(&names, &left_out, &of_trait, generics, self_ty);
    let (lifetimes, others) = in_order(generics);
    let (own, others) = (quote!(#self_ty), others.iter().map(|param| named(param)));
    // What is kept in a cache has no other lifetime.
    let lifetimes = lifetimes.iter().map(|param| match param {
        GenericParam::Lifetime(param) if types::mentions(own.clone(), &param.lifetime.ident.to_string()) => {
            param.lifetime.clone()
        }
        _ => Lifetime::new("'static", Span::call_site()),
    });
    let elided = left_out.iter().map(|own| Lifetime::new("'static", own.span()));
    let (given, more) = (quote!(#(#elided,)* #(#lifetimes,)*), quote!(#(#others),*));
    spell(content, &names, &|own, name| {
        let alias = alias(name);
        quote_spanned!(alias.span()=> #alias::<#given #own, #more>)
    })?;
    Ok(declared)
}

fn aliases(
    names: &[Ident],
    left_out: &[Lifetime],
    of_trait: &Type,
    generics: &Generics,
    self_ty: &Type,
) -> TokenStream {
    let clause = &generics.where_clause;
    let this = this(self_ty, &quote!(#generics #clause #of_trait));
    let is_free = |predicate: &&WherePredicate| !types::mentions(predicate.to_token_stream(), "Self");
    let bounds = clause.iter().flat_map(|clause| &clause.predicates).filter(is_free);
    let (lifetimes, others) = in_order(generics);
    let params =
        quote!(#(#left_out,)* #(#lifetimes,)* #this: #of_trait + ?::core::marker::Sized, #(#others),*);
    let params = quote!(<#params> where #(#bounds),*);
    // No alias may have a parameter that it does not speak of.
    let spoken_of: Vec<_> = generics.type_params().map(|param| &param.ident).collect();
    let same = (!spoken_of.is_empty()).then(|| {
        quote! {
            #[allow(unreachable_pub)]
            pub trait __Same<With: ?::core::marker::Sized> { type It: ?::core::marker::Sized; }
            impl<It: ?::core::marker::Sized, With: ?::core::marker::Sized> __Same<With> for It { type It = It; }
        }
    });
    let aliases = names.iter().map(|name| {
        let alias = alias(name);
        let ty = match &same {
            Some(_) => quote!(<#this::#name as __Same<(#(*const #spoken_of,)*)>>::It),
            None => quote!(#this::#name),
        };
        quote! {
            #[allow(type_alias_bounds, non_camel_case_types, dead_code, clippy::all, clippy::pedantic)]
            type #alias #params = #ty;
        }
    });
    quote!(#same #(#aliases)*)
}

fn alias(name: &Ident) -> Ident {
    format_ident!("__{}", name.unraw(), span = Span::call_site().located_at(name.span()))
}

/// Lifetimes, and other parameters.
fn in_order(generics: &Generics) -> (Vec<&GenericParam>, Vec<&GenericParam>) {
    generics.params.iter().partition(|param| matches!(param, GenericParam::Lifetime(_)))
}

/// What stands for all types of the trait: the type's own name, so that errors speak of that, unless it means something already.
fn this(self_ty: &Type, taken: &TokenStream) -> Ident {
    let name = match types::peel(self_ty) {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    let name = name.filter(|name| !types::mentions(taken.clone(), name));
    Ident::new(name.as_deref().unwrap_or("__Type"), Span::call_site())
}

fn named(param: &GenericParam) -> TokenStream {
    match param {
        GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => param.ident.to_token_stream(),
    }
}

/// The name of `type Out = ..`.
fn associated_type(content: &Content) -> Option<Ident> {
    let Content::Other(tokens) = content else { return None };
    let parser = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Token![type]>()?;
        let name = input.parse::<Ident>()?;
        input.parse::<TokenStream>()?;
        Ok(name)
    };
    parser.parse2(tokens.clone()).ok()
}

/// The name in `Self::Name`, if that is what these tokens begin with.
fn of_self(tokens: &[TokenTree]) -> Option<&Ident> {
    match tokens {
        [TokenTree::Ident(own), first, second, TokenTree::Ident(name), ..]
            if own == "Self" && is(Some(first), ":") && is(Some(second), ":") =>
        {
            Some(name)
        }
        _ => None,
    }
}

fn is(token: Option<&TokenTree>, text: &str) -> bool {
    token.is_some_and(|token| token.to_string() == text)
}

/// In the head of a function, whether `Self::Name` is a type without arguments, and not the length of an array.
fn is_type_in_head(before: &[TokenTree], after: &[TokenTree]) -> bool {
    !is(after.first(), "<") && !before.iter().any(|token| is(Some(token), ";"))
}

/// In a body, whether it is a type for sure, and neither constant nor function nor variant.
fn is_type_in_body(before: &[TokenTree], after: &[TokenTree]) -> bool {
    let back = |by: usize| before.len().checked_sub(by).map(|at| &before[at]);
    let is_of_path = is(after.first(), ":") && is(after.get(1), ":") && !is(after.get(2), "<");
    let is_of_pattern = || {
        let is_pattern = |text| is(back(3), text);
        is(back(1), ":") && (is_pattern("let") || is_pattern("mut") || is_pattern("|"))
    };
    let is_argument = || is(back(1), "<") && is(after.first(), ">");
    let is_returned = || is(back(2), "-") && is(back(1), ">");
    is_of_path || is(back(1), "as") || is_of_pattern() || is_argument() || is_returned()
}

/// Whether what stands after these tokens and before those is a type.
type IsType<'a> = &'a dyn Fn(&[TokenTree], &[TokenTree]) -> bool;

fn find(tokens: TokenStream, is_type: IsType<'_>, names: &mut Vec<Ident>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match (token, of_self(&tokens[at..])) {
            (TokenTree::Group(group), _) => find(group.stream(), is_type, names),
            (_, Some(name)) if !names.contains(name) && is_type(&tokens[..at], &tokens[at + 4..]) => {
                names.push(name.clone());
            }
            _ => {}
        }
    }
}

/// Without blocks, which are values.
fn without_braces(tokens: TokenStream) -> TokenStream {
    let is_block =
        |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    tokens.into_iter().filter(|token| !is_block(token)).collect()
}

/// What is written for `Self::Name`, given both words.
type Spelled<'a> = &'a dyn Fn(&TokenTree, &Ident) -> TokenStream;

/// Writes `Self::Name` in another way in the functions that are marked.
fn spell(content: &mut [Content], names: &[Ident], spelled: Spelled<'_>) -> syn::Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    for one in content {
        if let Content::Marked(marked) = one {
            marked.1 = syn::parse2(spell_in(marked.1.to_token_stream(), names, spelled))?;
        }
    }
    Ok(())
}

fn spell_in(tokens: TokenStream, names: &[Ident], spelled: Spelled<'_>) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut out, mut at) = (TokenStream::new(), 0);
    while let Some(token) = tokens.get(at) {
        let step = match (token, of_self(&tokens[at..]).filter(|name| names.contains(name))) {
            (TokenTree::Group(group), _) => {
                let mut inner = Group::new(group.delimiter(), spell_in(group.stream(), names, spelled));
                inner.set_span(group.span());
                inner.to_tokens(&mut out);
                1
            }
            (own, Some(name)) => {
                out.extend(spelled(own, name));
                4
            }
            (token, None) => {
                token.to_tokens(&mut out);
                1
            }
        };
        at += step;
    }
    out
}
