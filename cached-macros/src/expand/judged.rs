//! Types of which only the compiler knows whether they are right: `Page<Query>` of `struct Page<Q: Into<String>>`. It would say what
//! they lack at each thing that speaks of them; so that it says it once, a constant is worked out from them, by which all else
//! knows them. Where that has been refused, nobody knows them, and nothing is said.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, GenericArgument, Path, PathArguments, ReturnType, Type, TypePath};

use super::attrs::Attrs;
use super::{function, lookup, ours, outcome, placed};
use crate::diag::Diag;
use crate::item::Item;
use crate::key::{Param, Part};
use crate::model::{Model, Place};
use crate::sources::module;
use crate::types;

/// A function with other names for such types.
pub(super) struct Judged {
    /// It, but for its head and body as the user wrote them.
    pub(super) item: Item,
    /// The type by which they are known.
    name: Ident,
    /// What they are of.
    names: TokenStream,
}

impl Judged {
    /// None where there are no such types, or nothing can stand beside the function.
    pub(super) fn of(model: &Model<'_>) -> Option<Self> {
        let has_place = if model.is_method() { model.block.is_some() } else { model.around.is_none() };
        if !has_place || model.item.is_boxed_future() {
            return None;
        }
        let mut types = Types { model, name: model.name_of("__types_of"), found: Vec::new() };
        let mut sig = model.item.sig.clone();
        for (index, input) in sig.inputs.iter_mut().enumerate() {
            // What is left out of the key may hold a borrow that nobody writes.
            let is_part = model.parts.iter().any(|part| matches!(part, Part::Param(own) if *own == index));
            if let (FnArg::Typed(input), true) = (input, is_part) {
                types.rename(&mut input.ty);
            }
        }
        if let ReturnType::Type(_, ty) = &mut sig.output {
            types.rename(ty);
        }
        if types.found.is_empty() {
            return None;
        }
        let Item { attrs, vis, body, .. } = model.item;
        let item = Item { attrs: attrs.clone(), vis: vis.clone(), sig, body: body.clone() };
        Some(Self { item, names: types.written(), name: types.name })
    }

    /// The function with these names; as it was, where they hide what has to be seen of its types.
    pub(super) fn within<'a>(&'a self, model: Model<'a>) -> Model<'a> {
        let mut diag = Diag::default();
        let other = Model::new(&self.item, model.options, model.block, &mut diag);
        let is_right = diag.is_empty() && other.sound;
        let _ = diag.tell();
        if !is_right {
            return model;
        }
        // What the library asks of a plain function speaks of its types where none may be private.
        let judge = Some(self.name.clone());
        let written = Model { judge: judge.clone(), plain: None, ..model };
        Model { krate: written.krate.clone(), written: Some(Box::new(written)), judge, plain: None, ..other }
    }
}

impl Judged {
    /// What goes beside the function, unless it does without.
    pub(super) fn beside(&self, model: &Model<'_>) -> TokenStream {
        if model.written.is_none() {
            return TokenStream::new();
        }
        let (names, name, all) = (&self.names, &self.name, everywhere(model));
        let (modes, result) = (lookup::modes(model), outcome::constant(model));
        quote! {
            #names
            #all
            #[allow(dead_code, unused_lifetimes, deprecated)]
            #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
            impl #name {
                #modes
                #result
            }
        }
    }
}

/// The attributes of what stands beside the function, or its block.
fn everywhere(model: &Model<'_>) -> TokenStream {
    let of_block = model.block.map(|block| Attrs::sort(&block.attrs).of_head());
    let of_function = Attrs::sort(&model.item.attrs).of_head();
    quote!(#of_block #of_function)
}

struct Types<'a> {
    model: &'a Model<'a>,
    /// Of the type that the constant is one of.
    name: Ident,
    found: Vec<Type>,
}

impl Types<'_> {
    /// Writes the names for the types in this one. What everybody knows stays what it is: what is made of it, its own name says.
    fn rename(&mut self, ty: &mut Type) {
        match ty {
            Type::Group(group) => self.rename(&mut group.elem),
            Type::Paren(paren) => self.rename(&mut paren.elem),
            Type::Reference(reference) => self.rename(&mut reference.elem),
            Type::Slice(slice) => self.rename(&mut slice.elem),
            Type::Array(array) => self.rename(&mut array.elem),
            Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| self.rename(elem)),
            Type::Path(path) if path.qself.is_none() && is_known(&path.path) => {
                for given in arguments(&mut path.path) {
                    if let GenericArgument::Type(ty) = given {
                        self.rename(ty);
                    }
                }
            }
            Type::Path(path) if self.is_to_be_judged(path) => {
                let (first, index) = (path.span(), self.index_of(ty));
                let name = self.alias(index, first);
                // It begins and ends where the type does, so that errors point at all of it.
                let end = quote_spanned!(end_of(ty)=> >);
                *ty = syn::parse_quote!(#name<#end);
            }
            _ => {}
        }
    }

    /// Whether it is given types, and means the same everywhere in its module.
    fn is_to_be_judged(&self, own: &TypePath) -> bool {
        let path = &own.path;
        let is_given = own.qself.is_some()
            || path.segments.iter().any(|segment| match &segment.arguments {
                PathArguments::AngleBracketed(given) => {
                    given.args.iter().any(|given| matches!(given, GenericArgument::Type(_)))
                }
                _ => false,
            });
        let ty = Type::Path(own.clone());
        is_given
            && !types::borrows(&ty)
            && !self.model.names.are_in(&ty)
            && means_it_everywhere(&ty)
            && !asks_nothing(&ty, self.model.item.sig.fn_token.span)
    }

    fn alias(&self, index: usize, span: Span) -> Ident {
        let mut name = self.model.name_of(&format!("__type_{index}_of"));
        name.set_span(span);
        name
    }

    fn index_of(&mut self, ty: &Type) -> usize {
        let text = |ty: &Type| ty.to_token_stream().to_string();
        self.found.iter().position(|other| text(other) == text(ty)).unwrap_or_else(|| {
            self.found.push(ty.clone());
            self.found.len() - 1
        })
    }

    fn written(&self) -> TokenStream {
        let (krate, name) = (&self.model.krate, &self.name);
        let all = everywhere(self.model);
        let types: Vec<_> = self.found.iter().map(|ty| self.model.spared(ty)).collect();
        let asked = types.iter().map(|ty| quote_spanned!(ty.span()=> let _: &#ty;));
        // Who reads the documentation sees the types themselves.
        let each = types.iter().enumerate().map(|(index, ty)| {
            let alias = self.alias(index, Span::call_site());
            quote! {
                #all
                #[allow(deprecated)]
                #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
                impl<const ARE_RIGHT: ::core::primitive::bool> #krate::__private::Judged<#index, ARE_RIGHT> for #name {
                    type Own = #ty;
                }
                #all
                #[cfg(doc)]
                #[doc(hidden)]
                #[allow(non_camel_case_types)]
                type #alias = #ty;
                #all
                #[cfg(not(doc))]
                #[doc(hidden)]
                #[allow(non_camel_case_types)]
                type #alias = <#name as #krate::__private::Judged<#index, { #name::ARE_RIGHT }>>::Own;
            }
        });
        quote! {
            #all
            #[doc(hidden)]
            #[allow(non_camel_case_types, missing_debug_implementations, dead_code)]
            #[cfg_attr(clippy, allow(clippy::exhaustive_enums))]
            enum #name {}
            #all
            #[allow(deprecated)]
            #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
            impl #name {
                const ARE_RIGHT: ::core::primitive::bool = {
                    #(#asked)*
                    true
                };
            }
            #(#each)*
        }
    }
}

/// The body for all that knows its types by their other names: where it is given its arguments, the compiler says once more what
/// their types lack, in words that it has said of the head if that is at their place.
pub(super) fn body(model: &Model<'_>) -> TokenStream {
    if model.written.is_none() || !model.is_seen_elsewhere() || model.place == Place::Nowhere {
        return TokenStream::new();
    }
    let (generics, bounds) = model.declared(&TokenStream::new());
    let args = model.params.iter().map(|param| {
        let name = &param.name;
        given(model, param, quote!(#name))
    });
    let (uncached, turbofish) = (model.path("uncached"), model.turbofish(&TokenStream::new()));
    let call = call(model, &quote!(#uncached #turbofish), quote!((#(#args),*)));
    let sig = &model.item.sig;
    let (name, params) = (model.beside("__uncached"), function::declared(model));
    let (asyncness, output) = (&sig.asyncness, &sig.output);
    let wait = asyncness.map(|_| quote!(.await));
    quote! {
        #[doc(hidden)]
        #[inline]
        #[allow(non_snake_case, unused_lifetimes, deprecated)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        #asyncness fn #name #generics(#(#params),*) #output #bounds {
            #call #wait
        }
    }
}

/// The arguments of a verb that others call, as all that it calls knows their types.
pub(super) fn named(model: &Model<'_>) -> TokenStream {
    named_of(model, &|_| true)
}

/// The same of some of them.
pub(super) fn named_of(model: &Model<'_>, is_given: &dyn Fn(usize) -> bool) -> TokenStream {
    if model.written.is_none() {
        return TokenStream::new();
    }
    let params = model.params.iter().zip(&model.offered().params).enumerate();
    let named = params.filter(|(index, _)| is_given(*index)).map(|(_, (own, seen))| {
        let (name, ty) = (&own.name, &own.ty);
        (types::text(ty) != types::text(&seen.ty)).then(|| quote!(let #name: #ty = #name;))
    });
    named.flatten().collect()
}

/// A value of a parameter's type for a function that knows it as the user wrote it.
pub(super) fn given(model: &Model<'_>, param: &Param, value: TokenStream) -> TokenStream {
    let seen = model.seen().params.iter().find(|seen| seen.name == param.name);
    let judged = seen.and_then(|seen| judged_in(&param.ty, &seen.ty));
    match judged {
        Some(ty) => over(quote!((#value,)), quote!(.0), first(model, ty)),
        None => value,
    }
}

/// A value of a parameter's type that is known by its other name, whatever it will be given to.
pub(super) fn as_named(model: &Model<'_>, param: &Param, value: TokenStream) -> TokenStream {
    let (ty, named) = (&param.ty, ours("named"));
    if model.written.is_some() { quote!({ let #named: #ty = #value; #named }) } else { value }
}

/// A call of a function that returns the type as the user wrote it.
pub(super) fn call(model: &Model<'_>, path: &TokenStream, args: TokenStream) -> TokenStream {
    match judged_in(&model.returned, &model.seen().returned) {
        Some(ty) => over(path.clone(), args, first(model, ty)),
        None => quote!(#path #args),
    }
}

/// Of a type that is written twice in the head, the place where the compiler says what it lacks.
fn first<'a>(model: &'a Model<'_>, ty: &'a Type) -> &'a Type {
    let params = model.params.iter().zip(&model.seen().params);
    let mut judged = params.filter_map(|(own, seen)| judged_in(&own.ty, &seen.ty));
    judged.find(|other| types::text(other) == types::text(ty)).unwrap_or(ty)
}

/// Of a type with other names in it, what the first one of them is of.
fn judged_in<'a>(named: &Type, written: &'a Type) -> Option<&'a Type> {
    let all = |named: Vec<Type>, written: Vec<&'a Type>| {
        named.iter().zip(written).find_map(|(named, written)| judged_in(named, written))
    };
    if types::text(named) == types::text(written) {
        return None;
    }
    match (types::peel(named), types::peel(written)) {
        (Type::Reference(named), Type::Reference(written)) => judged_in(&named.elem, &written.elem),
        (Type::Slice(named), Type::Slice(written)) => judged_in(&named.elem, &written.elem),
        (Type::Array(named), Type::Array(written)) => judged_in(&named.elem, &written.elem),
        (Type::Tuple(named), Type::Tuple(written)) => {
            all(named.elems.iter().cloned().collect(), written.elems.iter().collect())
        }
        (Type::Path(named), Type::Path(own)) if is_known(&own.path) => {
            all(types::arguments(&named.path).into_iter().cloned().collect(), types::arguments(&own.path))
        }
        _ => Some(written),
    }
}

/// Where a type ends.
fn end_of(ty: &Type) -> Span {
    ty.to_token_stream().into_iter().last().map_or_else(Span::call_site, |token| token.span())
}

/// An expression that begins and ends where a type does.
fn over(first: TokenStream, last: TokenStream, ty: &Type) -> TokenStream {
    let end = end_of(ty);
    let (first, last) = (placed(first, ty.span()), placed(last, end));
    quote!(#first #last)
}

/// Whether a type is surely right: what it is made of is declared without bounds. It can do without another name, and with all there
/// is for types that everybody knows.
fn asks_nothing(ty: &Type, function: Span) -> bool {
    match types::peel(ty) {
        Type::Reference(reference) => asks_nothing(&reference.elem, function),
        Type::Slice(slice) => asks_nothing(&slice.elem, function),
        Type::Array(array) => asks_nothing(&array.elem, function),
        Type::Tuple(tuple) => tuple.elems.iter().all(|elem| asks_nothing(elem, function)),
        Type::Path(path) if path.qself.is_none() => {
            let given = types::arguments(&path.path);
            let is_right = || {
                is_known(&path.path)
                    || module::declared(&path.path, function).is_some_and(|own| own.head.asks_nothing)
            };
            given.iter().all(|ty| asks_nothing(ty, function)) && (given.is_empty() || is_right())
        }
        _ => false,
    }
}

fn is_known(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| types::KNOWN.iter().any(|name| last.ident == name))
}

fn arguments(path: &mut Path) -> impl Iterator<Item = &mut GenericArgument> {
    let given = path.segments.last_mut().and_then(|last| match &mut last.arguments {
        PathArguments::AngleBracketed(given) => Some(&mut given.args),
        _ => None,
    });
    given.into_iter().flatten()
}

/// Whether nothing in it depends on where it stands, or is another type each time.
fn means_it_everywhere(ty: &Type) -> bool {
    const OTHERS: &[&str] = &["Self", "fn", "impl", "_"];
    let tokens = ty.to_token_stream();
    !types::any_ident(tokens.clone(), &mut |name| OTHERS.iter().any(|other| name == other))
        && !tokens.into_iter().any(|token| token.to_string() == "!")
}
