//! Loading ahead of time: a function's owned arguments, and how they are lent to it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{function, lookup, ours};
use crate::key::Part;
use crate::model::Model;
use crate::shape::Shape;
use crate::types;

/// One key's arguments.
pub(super) struct Item {
    /// Their type where they are owned: one by itself, several as a tuple.
    pub(super) ty: TokenStream,
    /// A pattern for it, and statements that lend what is taken by reference.
    pub(super) pattern: TokenStream,
    pub(super) lend: TokenStream,
}

/// The parameters that are part of the key; `None` where something else is, where what is left out cannot be given twice, and for the
/// caches of threads.
pub(super) fn item(model: &Model<'_>) -> Option<Item> {
    // The caches of threads are not filled by others.
    if model.is_of_thread() {
        return None;
    }
    let (mut types, mut names, mut lend) = (Vec::new(), Vec::new(), TokenStream::new());
    let mut shapes = lookup::shapes(model).into_iter();
    for (part, shape) in model.parts.iter().zip(&model.shapes) {
        let (Part::Param(index), written) = (part, shapes.next()?) else { return None };
        let (param, krate) = (&model.params[*index], &model.krate);
        let name = &param.name;
        // What lives for ever cannot be lent.
        let is_short = |reference: &&syn::TypeReference| {
            reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static")
        };
        types.push(match (shape, types::as_reference(&param.ty).filter(is_short)) {
            (Some(Shape::Ref(inner)), Some(reference)) if matches!(**inner, Shape::Leaf(_)) => {
                let (elem, lifeless) = (&reference.elem, types::forever(&reference.elem));
                if types::is_str(elem) {
                    lend.extend(quote!(let #name = &*#name;));
                    quote!(::std::string::String)
                } else {
                    let lent = quote!(<#lifeless as #krate::__private::Lent<#written>>);
                    lend.extend(quote!(let #name: &#elem = #lent::lend(&#name);));
                    quote!(#lent::Owned)
                }
            }
            // What has parts, and no borrow in it.
            (Some(Shape::Ref(_)), Some(reference)) if !types::borrows(&reference.elem) => {
                let elem = &reference.elem;
                lend.extend(quote!(let #name: &#elem = ::core::borrow::Borrow::borrow(&#name);));
                quote!(<#elem as ::std::borrow::ToOwned>::Owned)
            }
            _ => types::forever(&param.ty),
        });
        names.push(quote!(#name));
    }
    let is_part =
        |index: usize| model.parts.iter().any(|part| matches!(part, Part::Param(own) if *own == index));
    let left_out = model.params.iter().enumerate().filter(|(index, _)| !is_part(*index));
    if left_out.into_iter().any(|(_, param)| types::as_reference(&param.ty).is_none()) {
        return None;
    }
    Some(Item { ty: lookup::one_or_tuple(types), pattern: lookup::one_or_tuple(names), lend })
}

/// The verbs of a function that is not plain: its own `warm`, and `warm_with`.
pub(super) fn verbs(model: &Model<'_>) -> TokenStream {
    let (Some(item), false) = (item(model), model.options.batch.marker.is_some()) else {
        return TokenStream::new();
    };
    let (krate, vis) = (&model.krate, &model.item.vis);
    let (generics, bounds) = model.declared(&TokenStream::new());
    let Item { ty, pattern, lend } = item;
    let left_out: Vec<_> = (model.params.iter().enumerate())
        .filter(|(index, _)| !model.parts.iter().any(|part| matches!(part, Part::Param(own) if own == index)))
        .map(|(_, param)| param)
        .collect();
    let given: Vec<_> = left_out.iter().map(|param| &param.name).collect();
    let (keys, how, name) = (ours("keys"), ours("how"), ours("item"));
    let (path, turbofish) = (model.path("warm_with"), model.turbofish(&TokenStream::new()));
    let (asyncness, load) = (&model.item.sig.asyncness, function::run(model, "warm"));
    let all = if asyncness.is_some() {
        quote!(#krate::__private::warm_async(#keys, #how, move |#name: #ty| async move {
            let #pattern = #name;
            #lend
            #load
        }).await)
    } else {
        quote!(#krate::__warm!(#keys, (#(#given,)*), #how, |(#(#given,)*), #name: #ty| {
            let #pattern = #name;
            #lend
            #load
        }))
    };
    let wait = asyncness.as_ref().map(|_| quote!(.await));
    quote! {
        #vis #asyncness fn warm #generics(
            #(#left_out,)*
            #keys: impl ::core::iter::IntoIterator<Item = #ty>,
        ) -> ::core::primitive::usize #bounds {
            let #keys: ::std::vec::Vec<#ty> = ::core::iter::Iterator::collect(::core::iter::IntoIterator::into_iter(#keys));
            #path #turbofish(#(#given,)* #keys, #krate::Warm::new()) #wait.loaded
        }
        #vis #asyncness fn warm_with #generics(
            #(#left_out,)*
            #keys: impl ::core::iter::IntoIterator<Item = #ty>,
            #how: #krate::Warm<'_>,
        ) -> #krate::Warmed #bounds {
            #all
        }
    }
}
