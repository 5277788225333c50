//! What is emitted when something is wrong: the errors, the function as it was written, and the companion's shape, so
//! that whoever uses either gets no error on top.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, ReturnType, Type};

use super::attrs::Attrs;
use crate::diag::Diag;
use crate::model::Model;
use crate::types;

pub(super) fn expand(model: &Model<'_>, diag: Diag) -> TokenStream {
    let function = function(model);
    let shape = shape(model);
    let errors = diag.tell();
    quote!(#function #shape #errors)
}

/// A lazy function keeps its lazy face.
fn function(model: &Model<'_>) -> TokenStream {
    let item = model.item;
    if model.options.lazy.is_none() || returned_is_odd(&model.returned) {
        return quote!(#item);
    }
    let (attrs, vis, krate, returned) = (&item.attrs, &item.vis, &model.krate, &model.returned);
    let mut sig = item.sig.clone();
    let lazy = if sig.asyncness.take().is_some() { quote!(LazyFuture) } else { quote!(Lazy) };
    sig.output = syn::parse_quote!(-> #krate::#lazy<#returned>);
    quote!(#(#attrs)* #[allow(unused_variables)] #vis #sig { ::core::unreachable!() })
}

fn shape(model: &Model<'_>) -> TokenStream {
    let item = model.item;
    let (vis, name, krate) = (&item.vis, &item.sig.ident, &model.krate);
    let is_method = item.sig.inputs.iter().any(|input| matches!(input, FnArg::Receiver(_)));
    if is_method || types::PRIMITIVES.contains(&name.to_string().as_str()) {
        return TokenStream::new();
    }
    let all = Attrs::sort(&item.attrs).all;
    let verbs = verbs(model);
    quote! {
        #all
        #[doc(hidden)]
        #[allow(non_camel_case_types, missing_debug_implementations, dead_code)]
        #vis enum #name {}
        #all
        #[allow(dead_code, unused_variables, clippy::all, clippy::pedantic)]
        impl #name {
            #vis fn cache_info() -> #krate::CacheInfo { ::core::unreachable!() }
            #vis fn reset_info() { ::core::unreachable!() }
            #vis fn clear() -> usize { ::core::unreachable!() }
            #vis fn cache() -> &'static #krate::Memo<(), ()> { ::core::unreachable!() }
            #vis fn invalidate_if(matches: impl ::core::ops::FnMut(&(), &()) -> bool) -> usize { ::core::unreachable!() }
            #verbs
        }
    }
}

/// The verbs with arguments take what the function takes; values are left to whoever uses them.
fn verbs(model: &Model<'_>) -> TokenStream {
    let sig = &model.item.sig;
    let (vis, generics, bounds) = (&model.item.vis, &sig.generics, &sig.generics.where_clause);
    let (params, asyncness) = (&model.params, &sig.asyncness);
    let returned = match &sig.output {
        ReturnType::Type(_, ty) if returned_is_odd(ty) => TokenStream::new(),
        output => quote!(#output),
    };
    let (values, kept) = (generics.params.iter(), super::ours("value"));
    quote! {
        #vis fn invalidate #generics (#(#params),*) -> bool #bounds { ::core::unreachable!() }
        #vis fn contains #generics (#(#params),*) -> bool #bounds { ::core::unreachable!() }
        #vis fn peek<#(#values,)* Value>(#(#params),*) -> ::core::option::Option<Value> #bounds {
            ::core::unreachable!()
        }
        #vis fn insert #generics (#(#params,)* #kept: impl ::core::marker::Sized) #bounds { ::core::unreachable!() }
        #vis #asyncness fn refresh #generics (#(#params),*) #returned #bounds { ::core::unreachable!() }
        #vis #asyncness fn force #generics (#(#params),*) #returned #bounds { ::core::unreachable!() }
        #vis #asyncness fn uncached #generics (#(#params),*) #returned #bounds { ::core::unreachable!() }
    }
}

/// A return type that only a real body can have.
fn returned_is_odd(ty: &Type) -> bool {
    matches!(types::peel(ty), Type::Never(_)) || types::mentions(quote!(#ty), "impl")
}
