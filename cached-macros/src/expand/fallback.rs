//! What is emitted when something is wrong: the errors, the function as it was written, and the companion's shape, so
//! that whoever uses either gets no error on top.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{ReturnType, Type, Visibility};

use super::attrs::Attrs;
use crate::alone;
use crate::batch::keys;
use crate::block::is_mark;
use crate::item::Item;
use crate::key::Param;
use crate::model::{Model, Place};
use crate::{lifetimes, told, types};

pub(super) fn expand(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let shape = if model.is_told { TokenStream::new() } else { shape(model) };
    (function(model), shape)
}

/// A lazy function keeps its lazy face.
fn function(model: &Model<'_>) -> TokenStream {
    let item = model.item;
    if model.options.lazy.is_none() || returned_is_odd(&model.returned) {
        let Item { attrs, vis, sig, body } = item;
        // Where the compiler should have said what is wrong, and has not.
        let late = model.is_told.then(|| {
            let (why, place) = told::why(model);
            super::unread::late(&why, place)
        });
        let body = super::hints::before(model, body, late);
        let attrs = attrs.iter().filter(|attr| !is_mark(attr));
        return quote!(#(#attrs)* #vis #sig #body);
    }
    let (attrs, vis, krate, returned) = (&item.attrs, &item.vis, &model.krate, &model.returned);
    let mut sig = item.sig.clone();
    let lazy = if sig.asyncness.take().is_some() { quote!(LazyFuture) } else { quote!(Lazy) };
    sig.output = syn::parse_quote!(-> #krate::#lazy<#returned>);
    quote!(#(#attrs)* #[allow(unused_variables)] #vis #sig { ::core::unreachable!() })
}

fn shape(model: &Model<'_>) -> TokenStream {
    let item = model.item;
    let (vis, krate) = (&item.vis, &model.krate);
    let name = match &model.place {
        Place::Type(name) => name,
        _ => &item.sig.ident,
    };
    if model.is_method() {
        return beside(model);
    }
    let is_hidden = matches!(model.place, Place::Inside(_)) || types::mentions(quote!(#item), "Self");
    let is_crate = model.krate.segments.first().is_some_and(|first| first.ident == *name);
    if is_hidden
        || is_crate
        || !alone::has_room(model)
        || types::PRIMITIVES.contains(&name.to_string().as_str())
    {
        return TokenStream::new();
    }
    let all = Attrs::sort(&item.attrs).of_head();
    let generics = &lifetimes::with(&item.sig.generics, &model.undeclared);
    let verbs = verbs(model, generics);
    let (head, last) = super::over_the_function(item, vis, "enum");
    let content = quote_spanned!(last=> {});
    quote! {
        #all
        #[doc(hidden)]
        #[allow(non_camel_case_types, missing_debug_implementations, dead_code)]
        #head #name #content
        #all
        #[allow(dead_code, unused_variables, clippy::all, clippy::pedantic, clippy::restriction)]
        impl #name {
            #vis fn cache_info #generics() -> #krate::CacheInfo { ::core::unreachable!() }
            #vis fn reset_info #generics() { ::core::unreachable!() }
            #vis fn clear #generics() -> ::core::primitive::usize { ::core::unreachable!() }
            #vis fn cache #generics() -> &'static #krate::Memo<(), ()> { ::core::unreachable!() }
            #vis fn invalidate_if #generics(matches: impl ::core::ops::FnMut(&(), &()) -> ::core::primitive::bool) -> ::core::primitive::usize {
                ::core::unreachable!()
            }
            #vis fn infos() -> ::std::vec::Vec<#krate::CacheInfo> { ::core::unreachable!() }
            #vis fn clear_all() -> ::core::primitive::usize { ::core::unreachable!() }
            #vis fn __clear_all() -> ::core::primitive::usize { ::core::unreachable!() }
            #verbs
        }
    }
}

/// Beside a method, only where it can be nothing but that of a type: in a trait it would be one mistake more.
fn beside(model: &Model<'_>) -> TokenStream {
    let item = model.item;
    if matches!(item.vis, Visibility::Inherited) || model.place != Place::Beside {
        return TokenStream::new();
    }
    let (vis, krate, body) = (&item.vis, &model.krate, &item.body);
    let (cache, mut sig) = (model.beside("cache"), item.sig.clone());
    sig.ident = model.beside("uncached");
    quote! {
        #[allow(dead_code)]
        #vis fn #cache() -> &'static #krate::Memo<(), ()> { ::core::unreachable!() }
        #[allow(dead_code)]
        #vis #sig #body
    }
}

/// The verbs with arguments take what the function takes; values are left to whoever uses them.
fn verbs(model: &Model<'_>, generics: &syn::Generics) -> TokenStream {
    let sig = &model.item.sig;
    let (vis, bounds) = (&model.item.vis, &generics.where_clause);
    let (params, asyncness) = (one_key(model), &sig.asyncness);
    let load = model.options.batch.marker.as_ref().map(|_| {
        let values = generics.params.iter();
        quote! {
            #vis #asyncness fn load<#(#values,)* Value>(#(#params),*) -> Value #bounds { ::core::unreachable!() }
        }
    });
    let returned = match &sig.output {
        ReturnType::Type(_, ty) if returned_is_odd(ty) => TokenStream::new(),
        output => quote!(#output),
    };
    let (own, values, kept) = (&model.params, generics.params.iter(), super::ours("value"));
    let (writes, krate) = (generics.params.iter(), &model.krate);
    quote! {
        #vis fn __to_forget #generics (#(#params),*) -> #krate::__private::Forget #bounds { ::core::unreachable!() }
        #vis fn __to_put<#(#writes,)* Value>(#(#params),*) -> #krate::__private::Put<Value> #bounds { ::core::unreachable!() }
        #vis fn invalidate #generics (#(#params),*) -> ::core::primitive::bool #bounds { ::core::unreachable!() }
        #vis fn contains #generics (#(#params),*) -> ::core::primitive::bool #bounds { ::core::unreachable!() }
        #vis fn peek<#(#values,)* Value>(#(#params),*) -> ::core::option::Option<Value> #bounds {
            ::core::unreachable!()
        }
        #vis fn insert #generics (#(#params,)* #kept: impl ::core::marker::Sized) #bounds { ::core::unreachable!() }
        #vis #asyncness fn refresh #generics (#(#params),*) #returned #bounds { ::core::unreachable!() }
        #vis #asyncness fn force #generics (#(#params),*) #returned #bounds { ::core::unreachable!() }
        #vis #asyncness fn uncached #generics (#(#own),*) #returned #bounds { ::core::unreachable!() }
        #load
    }
}

/// What the verbs take: the function's parameters, in a batch with one key in the place of the slice.
fn one_key(model: &Model<'_>) -> Vec<TokenStream> {
    let keys = model.options.batch.marker.as_ref().and_then(|_| keys(&model.params, &model.parts));
    let param = |(index, param): (usize, &Param)| match keys {
        Some((slice, key)) if slice == index => {
            let name = &param.name;
            quote!(#name: #key)
        }
        _ => quote!(#param),
    };
    model.params.iter().enumerate().map(param).collect()
}

/// A return type that only a real body can have.
fn returned_is_odd(ty: &Type) -> bool {
    matches!(types::peel(ty), Type::Never(_)) || types::mentions(quote!(#ty), "impl")
}
