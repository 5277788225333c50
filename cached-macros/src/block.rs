//! `#[memoize] impl Desk { .. }`: a block that holds memoized methods. What an attribute on a method alone cannot know
//! is known here: the parameters of the block, whether it is that of a trait, and where else something can be put.

use std::cell::RefCell;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, GenericParam, Generics, Meta, Path, Token, Type, WherePredicate};

use crate::item::Item;
use crate::lacks::Lacks;
use crate::sources::{module, outside};
use crate::{alone, conditional, selves, types};

/// See the module's words.
pub(crate) struct Block {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) head: TokenStream,
    pub(crate) generics: Generics,
    /// The trait, with its arguments and its `for`.
    pub(crate) of_trait: Option<TokenStream>,
    pub(crate) self_ty: Type,
    pub(crate) content: Vec<Content>,
    /// Aliases of the types that the block's trait inherits, where its functions speak of some.
    pub(crate) types: TokenStream,
    /// The parameters that the type does not have: those of the trait.
    pub(crate) moved: Generics,
    /// Where `cached_core` is found, if the block's own attribute says so.
    pub(crate) krate: Option<Path>,
    /// What its parameters lack for all of its functions together.
    pub(crate) lacks: RefCell<Lacks>,
    span: proc_macro2::extra::DelimSpan,
}

pub(crate) enum Content {
    /// A function that is marked, and the arguments of its mark.
    Marked(Box<(Attribute, Item)>),
    /// One that cannot be read, with its mark, and why.
    Unread(TokenStream, syn::Error),
    /// Anything else, as it was written.
    Other(TokenStream),
}

/// Types of the standard library that need no import.
const PRELUDE: &[&str] = &["Box", "Option", "Result", "String", "Vec"];

/// Whether these tokens are a block: told apart before anything is parsed.
pub(crate) fn is_block(tokens: &TokenStream) -> bool {
    const BEFORE: &[&str] = &["default", "unsafe"];
    types::first_word(tokens, &|word| BEFORE.contains(&word)).is_some_and(|word| word == "impl")
}

impl Parse for Block {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let default: Option<Token![default]> = input.parse()?;
        let unsafety: Option<Token![unsafe]> = input.parse()?;
        let keyword: Token![impl] = input.parse()?;
        let has_generics = input.peek(Token![<])
            && (input.peek2(Token![>])
                || input.peek2(Token![#])
                || input.peek2(Token![const])
                || ((input.peek2(syn::Ident) || input.peek2(syn::Lifetime))
                    && (input.peek3(Token![:])
                        || input.peek3(Token![,])
                        || input.peek3(Token![>])
                        || input.peek3(Token![=]))));
        let mut generics: Generics = if has_generics { input.parse()? } else { Generics::default() };
        let first: Type = input.parse()?;
        let (of_trait, named, self_ty) = match input.parse::<Option<Token![for]>>()? {
            Some(separator) => (Some(quote!(#first #separator)), Some(first), input.parse()?),
            None => (None, None, first),
        };
        generics.where_clause = input.parse()?;
        let inner;
        let braces = syn::braced!(inner in input);
        let mut attrs = attrs;
        attrs.extend(inner.call(Attribute::parse_inner)?);
        let mut content = Vec::new();
        while !inner.is_empty() {
            content.extend(inner.call(conditional::content)?);
        }
        let moved = moved(&mut generics.clone(), &self_ty);
        let (head, span, types) = (quote!(#default #unsafety #keyword), braces.span, TokenStream::new());
        let mut block = Self {
            attrs,
            head,
            generics,
            of_trait,
            self_ty,
            content,
            types,
            moved,
            krate: None,
            lacks: RefCell::default(),
            span,
        };
        if let Some(of_trait) = &named {
            selves::spell_declared(&mut block.content, of_trait)?;
            if block.can_have_its_own() {
                block.types =
                    selves::spell_inherited(&mut block.content, of_trait, &block.generics, &block.self_ty)?;
            }
        }
        Ok(block)
    }
}

impl Parse for Content {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        let attrs = ahead.call(Attribute::parse_outer)?;
        if let Some(at) = attrs.iter().position(is_mark) {
            return match ahead.parse::<Item>() {
                Ok(mut item) => {
                    item.attrs = attrs;
                    let attr = item.attrs.remove(at);
                    input.advance_to(&ahead);
                    Ok(Self::Marked(Box::new((attr, item))))
                }
                Err(error) => Ok(Self::Unread(attrs_and_rest(input)?, error)),
            };
        }
        let tokens = attrs_and_rest(input)?;
        Ok(Self::Other(if is_no_item(&tokens) { TokenStream::new() } else { tokens }))
    }
}

/// Whether an attribute is that of a memoized function, under whatever path.
pub(crate) fn is_mark(attr: &Attribute) -> bool {
    is_mark_by(&attr.meta)
}

/// The same of what stands in its brackets.
pub(crate) fn is_mark_by(meta: &Meta) -> bool {
    let Some(last) = meta.path().segments.last() else { return false };
    last.ident == "memoize" || called_as().is_some_and(|name| last.ident == name)
}

/// The name by which the attribute is called that is being expanded, where that can be seen: it may have been imported under another.
fn called_as() -> Option<String> {
    let text = Span::call_site().source_text()?;
    let path = text.strip_prefix("#[")?.split(['(', ']', '=']).next()?.trim();
    let name = path.rsplit("::").next()?.trim();
    (name != "cfg_attr" && syn::parse_str::<syn::Ident>(name).is_ok()).then(|| name.to_owned())
}

/// Whether something in a block is marked with what was meant for the attribute, which the compiler says.
pub(crate) fn has_misspelt_mark(content: &TokenStream) -> bool {
    let mut after_hash = false;
    content.clone().into_iter().any(|token| {
        let was_after_hash = std::mem::replace(&mut after_hash, token.to_string() == "#");
        match token {
            TokenTree::Group(group) if was_after_hash => {
                syn::parse2::<Path>(group.stream()).is_ok_and(|path| alone::is_misspelt(&path))
            }
            _ => false,
        }
    })
}

fn begins_with_a_mark(input: ParseStream<'_>) -> bool {
    input.peek(Token![#])
        && input.fork().call(Attribute::parse_outer).is_ok_and(|attrs| attrs.iter().any(is_mark))
}

/// Whether this has no place in a block, and the compiler has said so when it read it.
fn is_no_item(tokens: &TokenStream) -> bool {
    match tokens.clone().into_iter().next() {
        Some(TokenTree::Ident(first)) => first == "let",
        Some(TokenTree::Punct(first)) => first.as_char() == ';',
        _ => false,
    }
}

/// An item that is none of ours, token by token: to the braces of a function, or to a semicolon.
fn attrs_and_rest(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    for attr in input.call(Attribute::parse_outer)? {
        attr.to_tokens(&mut tokens);
    }
    let mut is_function = false;
    let mut is_value = false;
    while !input.is_empty() {
        is_function |= input.peek(Token![fn]);
        is_value |= !is_function && input.peek(Token![=]);
        // The semicolon before it is missing, which the compiler has said.
        if is_value && begins_with_a_mark(input) {
            tokens.extend(quote!(;));
            break;
        }
        let token: TokenTree = input.parse()?;
        let ends = match &token {
            TokenTree::Group(group) => {
                group.delimiter() == proc_macro2::Delimiter::Brace && !is_value && !input.peek(Token![;])
            }
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        token.to_tokens(&mut tokens);
        if ends {
            break;
        }
    }
    Ok(tokens)
}

/// Takes the parameters out that the type does not mention, with what is said of them.
fn moved(generics: &mut Generics, self_ty: &Type) -> Generics {
    let mentions = |name: &str| types::mentions(quote!(#self_ty), name);
    let (own, moved): (Vec<_>, Vec<_>) =
        std::mem::take(&mut generics.params).into_iter().partition(|param| mentions(&name_of(param)));
    let names: Vec<String> = moved.iter().map(name_of).collect();
    generics.params = own.into_iter().collect();
    let mut out = Generics { params: moved.into_iter().collect(), ..Generics::default() };
    let speaks = |predicate: &WherePredicate| {
        names.iter().any(|name| types::mentions(predicate.to_token_stream(), name))
    };
    if let Some(clause) = &mut generics.where_clause {
        let (apart, own): (Vec<_>, Vec<_>) =
            std::mem::take(&mut clause.predicates).into_iter().partition(speaks);
        clause.predicates = own.into_iter().collect();
        if !apart.is_empty() {
            out.make_where_clause().predicates = apart.into_iter().collect();
        }
    }
    out
}

fn name_of(param: &GenericParam) -> String {
    match param {
        GenericParam::Lifetime(param) => param.lifetime.ident.to_string(),
        GenericParam::Type(param) => param.ident.to_string(),
        GenericParam::Const(param) => param.ident.to_string(),
    }
}

impl Block {
    /// Whether it has a type or const parameter.
    pub(crate) fn is_generic(&self) -> bool {
        crate::model::is_generic(&self.generics)
    }

    /// Whether the type can have a block of its own beside that of a trait: it cannot where it is no type of this crate,
    /// as far as can be seen from its name.
    pub(crate) fn can_have_its_own(&self) -> bool {
        let Type::Path(path) = types::peel(&self.self_ty) else { return false };
        let name = path.path.get_ident().map(ToString::to_string).unwrap_or_default();
        let is_param = self.generics.params.iter().any(|param| name_of(param) == name);
        let first = path.path.segments[0].ident.to_string();
        let is_foreign = match path.path.segments.len() {
            1 => PRELUDE.contains(&first.as_str()),
            _ => ["std", "core", "alloc"].contains(&first.as_str()),
        };
        // Of others, as of an `Arc`, a `use` says so.
        let function = self.content.iter().find_map(|one| match one {
            Content::Marked(marked) => Some(marked.1.sig.fn_token.span),
            _ => None,
        });
        let is_brought_in = || {
            function.is_some_and(|function| {
                outside::is_foreign(&self.self_ty, function)
                    || module::is_of_another_crate(&path.path, function)
            })
        };
        let is_known = is_param || is_foreign || types::PRIMITIVES.contains(&name.as_str());
        path.qself.is_none() && !is_known && !is_brought_in()
    }

    /// Whether a type speaks of an associated one that is declared here with a borrow.
    pub(crate) fn lends(&self, ty: &Type) -> bool {
        self.content.iter().any(|one| match one {
            Content::Other(tokens) => syn::parse2::<syn::ImplItemType>(tokens.clone()).is_ok_and(|own| {
                types::borrows(&own.ty) && types::mentions(ty.to_token_stream(), &own.ident.to_string())
            }),
            Content::Marked(_) | Content::Unread(..) => false,
        })
    }

    /// Whether another one is of the same type, and of the same trait if it is of one.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let text = |block: &Self| block.of_trait.as_ref().map(ToString::to_string);
        types::text(&self.self_ty) == types::text(&other.self_ty) && text(self) == text(other)
    }

    /// The block with this content.
    pub(crate) fn with(&self, content: TokenStream) -> TokenStream {
        let (attrs, head, of_trait, self_ty) = (&self.attrs, &self.head, &self.of_trait, &self.self_ty);
        let (generics, bounds) = (&self.generics, &self.generics.where_clause);
        let mut body = proc_macro2::Group::new(proc_macro2::Delimiter::Brace, content);
        body.set_span(self.span.join());
        let outer = attrs.iter().filter(|attr| matches!(attr.style, syn::AttrStyle::Outer));
        // Of these `<>` see `expand::function`.
        let room = generics.params.is_empty().then(|| quote!(<>));
        quote!(#(#outer)* #head #room #generics #of_trait #self_ty #bounds #body)
    }

    /// A block of the type's own with this content.
    pub(crate) fn apart(&self, content: &TokenStream) -> TokenStream {
        if content.is_empty() {
            return TokenStream::new();
        }
        let mut own = self.generics.clone();
        moved(&mut own, &self.self_ty);
        let (self_ty, bounds) = (&self.self_ty, &own.where_clause);
        let all = crate::expand::everywhere(&self.attrs);
        quote!(#all impl #own #self_ty #bounds { #content })
    }
}
