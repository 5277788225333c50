//! The function that users call: the head as they wrote it, and one call.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::attrs::Attrs;
use super::{braced, companion, lookup, ours};
use crate::model::Model;
use crate::types;

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let mut attrs = Attrs::sort(&model.item.attrs).function;
    let (vis, krate, params) = (&model.item.vis, &model.krate, &model.params);
    let mut sig = model.item.sig.clone();
    sig.inputs = syn::parse_quote!(#(#params),*);
    let content = if model.options.lazy.is_some() {
        let returned = &model.returned;
        // A lazy call must be used anyway, as its type says.
        attrs.extend(quote!(#[allow(clippy::double_must_use)]));
        let lazy = if sig.asyncness.take().is_some() { quote!(LazyFuture) } else { quote!(Lazy) };
        sig.output = syn::parse_quote!(-> #krate::#lazy<#returned>);
        deferred(model)
    } else {
        call(model)
    };
    let body = braced(model, content);
    quote!(#attrs #vis #sig #body)
}

/// The memoized call.
pub(super) fn call(model: &Model<'_>) -> TokenStream {
    run(model, "call")
}

/// A verb that may run the body: `call` or `refresh`.
pub(super) fn run(model: &Model<'_>, verb: &str) -> TokenStream {
    let (krate, name) = (&model.krate, &model.item.sig.ident);
    let made = lookup::lookup(model);
    let (pattern, args) = lookup::unpack(model);
    let body = quote!(|#pattern| #name::uncached(#args));
    let (memo, lookup, mode) = (companion::memo(model), ours("lookup"), quote!({ #name::__RESULT }));
    let plain = format_ident!("{verb}");
    let here = format_ident!("{verb}_here");
    let call = if model.item.sig.asyncness.is_none() {
        quote!(#krate::__private::#plain::<#mode, _, _, _, _>(#memo, #lookup, #body))
    } else if model.is_bound_to_caller() {
        quote!(#krate::__private::#here::<#mode, _, _, _, _, _>(#memo, #lookup, #body).await)
    } else {
        quote!(#krate::__async!(#plain, #name::__RESULT, #memo, #lookup, #body).await)
    };
    quote! {
        let #lookup = #made;
        #call
    }
}

/// The call put off: the arguments, owned, and the companion's verbs to use them with.
fn deferred(model: &Model<'_>) -> TokenStream {
    let (krate, name) = (&model.krate, &model.item.sig.ident);
    let names: Vec<_> = model.params.iter().map(|param| &param.name).collect();
    let borrowed = |param: &crate::key::Param| types::as_reference(&param.ty).map(|ty| (*ty.elem).clone());
    let owned = model.params.iter().map(|param| {
        let name = &param.name;
        borrowed(param).map_or(quote!(#name), |_| quote!(::std::borrow::ToOwned::to_owned(#name)))
    });
    let again = model.params.iter().map(|param| {
        let name = &param.name;
        borrowed(param).map_or_else(
            || quote!(::core::clone::Clone::clone(#name)),
            |ty| quote!(::core::borrow::Borrow::<#ty>::borrow(#name)),
        )
    });
    let again: Vec<_> = again.collect();
    let (made, lookup, f) = (lookup::lookup(model), ours("lookup"), ours("f"));
    let (memo, left_out) = (companion::memo(model), lookup::left_out(model));
    let force = if model.item.sig.asyncness.is_none() {
        quote!(|(#(#names,)*)| #name::force(#(#again),*))
    } else {
        // The future owns what it was called with: it may outlive the handle.
        let lent = model.params.iter().map(|param| {
            let name = &param.name;
            borrowed(param).map_or(quote!(#name), |ty| quote!(::core::borrow::Borrow::<#ty>::borrow(&#name)))
        });
        quote! {
            |args| {
                let (#(#names,)*) = ::core::clone::Clone::clone(args);
                #krate::__private::forcing(async move { #name::force(#(#lent),*).await })
            }
        }
    };
    let into = format_ident!(
        "{}",
        if model.item.sig.asyncness.is_some() { "into_lazy_future" } else { "into_lazy" }
    );
    quote! {
        #krate::__private::count_created(#name::cache());
        #krate::__private::Deferred {
            args: (#(#owned,)*),
            force: #force,
            is_ready: |(#(#names,)*)| #name::contains(#(#again),*),
            peek: |(#(#names,)*)| #krate::__private::from_kept::<{ #name::__RESULT }, _, _>(
                #name::peek(#(#again),*),
            ),
            invalidate: |(#(#names,)*)| #name::invalidate(#(#again),*),
            fmt_call: |(#(#names,)*), #f| {
                let (#(#names,)*) = (#(#again,)*);
                #left_out
                let #lookup = #made;
                #krate::__private::fmt_call(#memo, &#lookup, #f)
            },
        }
        .#into()
    }
}
