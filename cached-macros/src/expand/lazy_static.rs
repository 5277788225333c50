//! `#[memoize(lazy)]` on a `static`: a function without parameters, and a static that is a call of it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Path, StaticMutability, Token, Type, Visibility};

use super::{companion, fallback, function, judged, outcome, renamed, unread};
use crate::diag::Diag;
use crate::item::Item;
use crate::model::Model;
use crate::options::Options;
use crate::sources::module;
use crate::{types, unsized_types};

/// A static as it was written.
struct Static {
    attrs: Vec<Attribute>,
    vis: Visibility,
    mutability: StaticMutability,
    name: Ident,
    ty: Type,
    value: Value,
    /// The keyword of what should be a static.
    constant: Option<Token![const]>,
    /// Where its own is.
    keyword: Span,
}

/// What stands behind its type.
enum Value {
    Made(Box<Expr>),
    Missing,
    /// What the compiler has told of.
    Unread(syn::Error),
}

/// What makes a value when it is first asked for.
const WRAPPERS: &[&str] = &["Lazy", "LazyCell", "LazyLock"];

/// Looks ahead: whether this is a static at all, or a constant that is meant for one.
pub(super) fn is_static(tokens: &TokenStream, options: &Options) -> bool {
    let is = |before: &[&str], keyword: &str| {
        types::first_word(tokens, &|word| before.contains(&word)).is_some_and(|word| word == keyword)
    };
    let is_function = || ["fn", "unsafe", "async", "extern"].iter().any(|word| is(&["pub", "const"], word));
    is(&["pub"], "static") || (options.was_given("lazy") && is(&["pub"], "const") && !is_function())
}

impl Parse for Static {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let (constant, keyword): (Option<Token![const]>, _) = (input.parse()?, input.span());
        if constant.is_none() {
            input.parse::<Token![static]>()?;
        }
        let (mutability, name): (_, Ident) = (input.parse()?, input.parse()?);
        let ty = if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        let value = input.parse()?;
        let (ty, value) = match (ty, value) {
            (Some(ty), value) => (ty, value),
            (None, value) => {
                let error = syn::Error::new(name.span(), "a static needs its type");
                (type_of(&value).ok_or_else(|| error.clone())?, Value::Unread(error))
            }
        };
        Ok(Self { attrs, vis, mutability, name, ty, value, constant, keyword })
    }
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(Token![=]) {
            input.parse::<TokenStream>()?;
            return Ok(Self::Missing);
        }
        input.parse::<Token![=]>()?;
        let tokens: TokenStream = input.parse()?;
        let with_end = |input: ParseStream<'_>| {
            let value = input.parse()?;
            input.parse::<Token![;]>().map(|_| value)
        };
        Ok(with_end.parse2(tokens).map_or_else(Self::Unread, |value| Self::Made(Box::new(value))))
    }
}

/// Of a value without its type, the one that it is most likely of: what is called is a function of it.
fn type_of(value: &Value) -> Option<Type> {
    let Value::Made(value) = value else { return None };
    let path = match &**value {
        Expr::Struct(value) => value.path.clone(),
        Expr::Call(call) => match &*call.func {
            Expr::Path(own) if own.path.segments.len() > 1 => {
                let mut path = own.path.clone();
                path.segments.pop();
                path.segments.pop_punct();
                path
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(Type::Path(syn::TypePath { qself: None, path }))
}

pub(super) fn expand(tokens: &TokenStream, options: &Options, mut diag: Diag) -> TokenStream {
    let mut item = match syn::parse2::<Static>(tokens.clone()) {
        Ok(item) => item,
        Err(error) => return unread::of_static(tokens, &error, diag),
    };
    check(&item, options, &mut diag);
    if let Some(inner) = wrapped(&item) {
        item.ty = inner.clone();
    }
    if unsized_types::has_no_size(&item.ty, item.name.span()) {
        let ty = &item.ty;
        (item.ty, item.value) = (syn::parse_quote!(::std::boxed::Box<#ty>), Value::Missing);
    }
    let late = match &item.value {
        Value::Made(value) => return made(&item, value, options, diag),
        Value::Missing => TokenStream::new(),
        Value::Unread(error) => unread::late(&error.to_string(), error.span()),
    };
    let made = stood_in(&item, &options.crate_path(None), diag);
    quote!(#made #late)
}

/// A static whose value can be read.
fn made(item: &Static, value: &Expr, options: &Options, mut diag: Diag) -> TokenStream {
    let (name, ty) = (&item.name, types::forever(&item.ty));
    // The body's braces stand where the value was written, for lints and errors about it.
    let body = quote_spanned!(value.span()=> { #value });
    // There it is found in its file.
    let keyword = quote_spanned!(item.keyword=> fn);
    let made = quote!(#[allow(non_snake_case, dead_code)] #keyword #name() -> #ty #body);
    let function = match syn::parse2::<Item>(made) {
        Ok(function) => function,
        Err(error) => {
            diag.push(error);
            return stood_in(item, &options.crate_path(None), diag);
        }
    };
    let mut model = Model::new(&function, options, None, &mut diag);
    let import = renamed::of_function(&mut model);
    if !model.sound {
        let told = fallback::told(&model).filter(|_| diag.is_empty());
        if model.is_told && diag.is_empty() {
            let made = unmade(item, &model.krate);
            return quote!(#import #made const _: () = { #told };);
        }
        let made = stood_in(item, &model.krate, diag);
        return quote!(#import #made const _: () = { #told };);
    }
    let judged = judged::Judged::of(&model);
    if let Some(judged) = &judged {
        model = judged.within(model);
    }
    let judged = judged.as_ref().map(|judged| judged.beside(&model));
    // Its users see the static alone.
    model.written = None;
    let (function, companion) = (function::expand(&model), companion::expand(&model));
    let mode = outcome::mode(&model);
    let (force, contains) = (model.path("force"), model.path("contains"));
    let (peek, invalidate) = (model.path("peek"), model.path("invalidate"));
    let (krate, f) = (&model.krate, super::ours("f"));
    let (text, ty) = (name.to_string(), &model.returned);
    let forced = judged::call(&model, &force, quote!(()));
    let call = quote! {
        #judged
        #function
        #companion
        static CALL: #krate::__private::Deferred<(), #ty, #ty> = #krate::__private::Deferred {
            args: (),
            force: |()| -> #ty { #forced },
            is_ready: |()| #contains(),
            peek: |()| #krate::__private::from_shown::<#mode, _>(#peek()),
            invalidate: |()| #invalidate(),
            fmt_call: |(), #f| ::core::fmt::Write::write_str(#f, #text),
        };
    };
    let made = finish(item, krate, &call, diag);
    quote!(#import #made)
}

/// The type of what is made, if that of what makes it is written.
fn wrapped(item: &Static) -> Option<&Type> {
    let Type::Path(path) = types::peel(&item.ty) else { return None };
    let inner = WRAPPERS.iter().find_map(|name| types::argument_of(&item.ty, name));
    inner.filter(|_| module::declared(&path.path, item.name.span()).is_none())
}

fn check(item: &Static, options: &Options, diag: &mut Diag) {
    if !options.was_given("lazy") {
        diag.at(&item.name, "a static is made when it is first asked for: write `#[memoize(lazy)]`");
    }
    if let Some((name, _)) = &options.key {
        diag.at(name, "a static has one value, and no key: drop this");
    }
    if let Some(inner) = wrapped(item) {
        let inner = types::text(inner);
        diag.at(
            &item.ty,
            format!("`lazy` makes it when it is first asked for: write its own type, `{inner}`, and how that is made"),
        );
    }
    if unsized_types::has_no_size(&item.ty, item.name.span()) {
        let message = format!(
            "a lazy static needs a size, and `{}` has none: write what owns it",
            types::text(&item.ty)
        );
        diag.at(&item.ty, message);
    }
    if let Some(keyword) = &item.constant {
        diag.at(
            keyword,
            "a constant is made at compile time: what is made when it is first asked for is a `static`",
        );
    }
    if let Value::Missing = &item.value {
        let message = "a lazy static needs the expression that makes its value: `= build()`";
        diag.at(&item.name, message);
    }
    if let StaticMutability::Mut(token) = &item.mutability {
        diag.at(token, "a `static mut` cannot be memoized: a cache hands out what it keeps; drop `mut`");
    }
}

/// A static whose type the compiler refuses: it is written once, and what makes its value nowhere.
fn unmade(item: &Static, krate: &Path) -> TokenStream {
    let Static { attrs, vis, name, ty, .. } = item;
    quote!(#(#attrs)* #vis static #name: #krate::Lazy<#ty> = #krate::Lazy::unmade();)
}

/// A static of its type, with a call that stands in for one with a mistake in it.
fn stood_in(item: &Static, krate: &Path, diag: Diag) -> TokenStream {
    let (ty, value) = (types::forever(&item.ty), quote!(::core::unreachable!()));
    let call = quote! {
        static CALL: #krate::__private::Deferred<(), #ty, #ty> = #krate::__private::Deferred {
            args: (),
            force: |()| #value,
            is_ready: |()| #value,
            peek: |()| #value,
            invalidate: |()| #value,
            fmt_call: |(), _| #value,
        };
    };
    finish(item, krate, &call, diag)
}

fn finish(item: &Static, krate: &Path, call: &TokenStream, diag: Diag) -> TokenStream {
    let Static { attrs, vis, name, ty, .. } = item;
    let errors = diag.tell();
    let made = quote! {
        #krate::Lazy<#ty> = {
            #call
            #krate::Lazy::of_static(&CALL)
        };
    };
    if errors.is_empty() {
        return quote!(#(#attrs)* #vis static #name: #made);
    }
    // Of a type that is the mistake itself: whether it is used as its value or as what makes that is the same.
    let mistaken = quote!(<[(); { #errors 0 }] as ::core::iter::IntoIterator>::Item);
    let keyword = if item.constant.is_some() { quote!(const) } else { quote!(static) };
    quote! {
        #(#attrs)*
        #vis #keyword #name: #mistaken = loop {};
        const _: () = {
            #[allow(dead_code)]
            static MADE: #made
        };
    }
}
