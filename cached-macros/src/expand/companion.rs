//! The companion: a type of the function's name that carries the cache's verbs.

use proc_macro2::TokenStream;
use quote::quote;

use super::attrs::Attrs;
use super::{function, lookup, ours};
use crate::model::Model;
use crate::options::{Policy, Ttl};
use crate::types;

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let (vis, name) = (&model.item.vis, &model.item.sig.ident);
    let attrs = Attrs::sort(&model.item.attrs);
    let all = &attrs.all;
    let uncached = uncached(model, &attrs.body);
    let (cache, verbs, looking) = (cache(model), verbs(model), looking(model));
    let (modes, result) = (lookup::modes(model), result_mode(model));
    quote! {
        #all
        #[doc(hidden)]
        #[allow(non_camel_case_types, missing_debug_implementations, dead_code)]
        #vis enum #name {}
        #all
        #[automatically_derived]
        #[allow(dead_code, clippy::all, clippy::pedantic)]
        impl #name {
            #modes
            #result
            #cache
            #looking
            #verbs
        }
        #all
        #[allow(
            clippy::double_must_use,
            clippy::missing_errors_doc,
            clippy::missing_panics_doc,
            clippy::must_use_candidate
        )]
        impl #name {
            #uncached
        }
    }
}

/// The body, verbatim, as a function beside the wrapper: patterns, `?`, `return` and inner attributes mean what they
/// mean in any function.
pub(super) fn uncached(model: &Model<'_>, attrs: &TokenStream) -> TokenStream {
    let (vis, body) = (&model.item.vis, &model.item.body);
    let mut sig = model.item.sig.clone();
    sig.abi = None;
    sig.ident = syn::Ident::new("uncached", sig.ident.span());
    quote!(#[allow(dead_code)] #attrs #vis #sig #body)
}

fn result_mode(model: &Model<'_>) -> TokenStream {
    let (krate, returned) = (&model.krate, types::forever(&model.returned));
    quote!(const __RESULT: u8 = #krate::__outcome_mode!(#returned);)
}

/// What is kept of a return value.
fn value_type(model: &Model<'_>) -> TokenStream {
    let (krate, name, returned) = (&model.krate, &model.item.sig.ident, types::forever(&model.returned));
    quote!(<#returned as #krate::__private::Outcome<{ #name::__RESULT }>>::Kept)
}

/// The memo's static, and how to get at it.
fn cache(model: &Model<'_>) -> TokenStream {
    let (krate, vis, name) = (&model.krate, &model.item.vis, &model.item.sig.ident);
    let (value, assertions) = (value_type(model), assertions(model));
    if model.key_is_named() {
        let key = lookup::key_type(model);
        let spec = spec(model, &quote!(#krate::__key_debug!(#key)));
        return quote! {
            #vis fn cache() -> &'static #krate::Memo<#key, #value> {
                static MEMO: #krate::Memo<#key, #value> = #krate::Memo::new(#spec);
                #assertions
                &MEMO
            }
        };
    }
    let spec = spec(model, &quote!(::core::option::Option::None));
    let lookup = lookup::lookup(model);
    let names = model.params.iter().map(|param| &param.name);
    let types = model.params.iter().map(|param| types::forever(&param.ty));
    quote! {
        fn __site() -> &'static #krate::__private::Site {
            static SITE: #krate::__private::Site = #krate::__private::Site::new();
            &SITE
        }
        fn __spec<K>() -> #krate::__private::Spec<K> {
            #spec
        }
        #[allow(unused_variables)]
        #vis fn cache() -> &'static #krate::Memo<impl ::core::marker::Send + ::core::marker::Sync, #value> {
            #assertions
            #krate::__private::memo_by::<_, _, #value>(
                #name::__site(),
                |(#(#names,)*): (#(#types,)*)| #lookup,
                #name::__spec,
            )
        }
    }
}

/// The expression that gives the memo where a look-up of that name is at hand.
pub(super) fn memo(model: &Model<'_>) -> TokenStream {
    let (krate, name) = (&model.krate, &model.item.sig.ident);
    if model.key_is_named() {
        return quote!(#name::cache());
    }
    let (value, lookup) = (value_type(model), ours("lookup"));
    quote!(#krate::__private::memo_for::<_, #value>(#name::__site(), &#lookup, #name::__spec))
}

fn assertions(model: &Model<'_>) -> TokenStream {
    let (krate, name) = (&model.krate, &model.item.sig.ident);
    let keys = lookup::assertions(model);
    let returned = types::forever(&model.returned);
    let span = syn::spanned::Spanned::span(&model.returned);
    let value = quote::quote_spanned! {span=>
        #krate::__private::assert_value::<{ #name::__RESULT }, #returned>();
    };
    quote!(#keys #value)
}

pub(super) fn spec(model: &Model<'_>, debug: &TokenStream) -> TokenStream {
    let krate = &model.krate;
    let function = model.item.sig.ident.to_string();
    let function = function.trim_start_matches("r#");
    let name = match &model.options.name {
        Some(name) => quote!(#name),
        None => quote!(::core::concat!(::core::module_path!(), "::", #function)),
    };
    let tuple = model.parts.len() != 1;
    let options = options(model);
    quote! {
        #krate::__private::Spec {
            name: #name,
            function: #function,
            debug: #debug,
            tuple: #tuple,
            options: || #options,
        }
    }
}

fn options(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let mut options = quote!(#krate::__private::Options::new());
    if let Some((_, max)) = &model.options.max {
        options.extend(quote!(.max(#max)));
    }
    match &model.options.ttl {
        Some((_, Ttl::Literal(seconds, nanos))) => {
            options.extend(quote!(.ttl(::core::time::Duration::new(#seconds, #nanos))));
        }
        Some((_, Ttl::Expr(ttl))) => options.extend(quote!(.ttl(#ttl))),
        None => {}
    }
    if let Some((_, policy)) = &model.options.policy {
        options.extend(match policy {
            Policy::Known(kind) => quote!(.policy(#krate::PolicyKind::#kind)),
            Policy::Own(path) => quote!(.policy_of::<#path>()),
        });
    }
    options
}

/// The verbs without arguments.
fn looking(model: &Model<'_>) -> TokenStream {
    let (krate, vis, name) = (&model.krate, &model.item.vis, &model.item.sig.ident);
    let invalidate_if = model.key_is_named().then(|| {
        let (key, value) = (lookup::key_type(model), value_type(model));
        quote! {
            #vis fn invalidate_if(matches: impl ::core::ops::FnMut(&#key, &#value) -> bool) -> usize {
                #name::cache().invalidate_if(matches)
            }
        }
    });
    quote! {
        #vis fn cache_info() -> #krate::CacheInfo {
            #name::cache().cache_info()
        }
        #vis fn reset_info() {
            #name::cache().reset_info();
        }
        #vis fn clear() -> usize {
            #name::cache().clear()
        }
        #invalidate_if
    }
}

/// The verbs that take the function's arguments.
fn verbs(model: &Model<'_>) -> TokenStream {
    let (krate, vis, name) = (&model.krate, &model.item.vis, &model.item.sig.ident);
    let (generics, params, returned) = (&model.item.sig.generics, &model.params, &model.returned);
    let bounds = &generics.where_clause;
    let (made, memo, value) = (lookup::lookup(model), memo(model), value_type(model));
    let (lookup, kept) = (ours("lookup"), ours("value"));
    let (asyncness, refresh) = (&model.item.sig.asyncness, function::run(model, "refresh"));
    let left_out = lookup::left_out(model);
    let force = model.options.lazy.is_some().then(|| {
        let call = function::call(model);
        quote! {
            #vis #asyncness fn force #generics (#(#params),*) -> #returned #bounds {
                #krate::__private::count_forced(#name::cache());
                #call
            }
        }
    });
    quote! {
        #vis fn invalidate #generics (#(#params),*) -> bool #bounds {
            #left_out
            let #lookup = #made;
            #krate::__private::invalidate(#memo, &#lookup)
        }
        #vis fn contains #generics (#(#params),*) -> bool #bounds {
            #left_out
            let #lookup = #made;
            #krate::__private::contains(#memo, &#lookup)
        }
        #vis fn peek #generics (#(#params),*) -> ::core::option::Option<#value> #bounds {
            #left_out
            let #lookup = #made;
            #krate::__private::peek(#memo, &#lookup)
        }
        #vis fn insert #generics (#(#params,)* #kept: #value) #bounds {
            #left_out
            let #lookup = #made;
            #krate::__private::insert(#memo, &#lookup, #kept);
        }
        #vis #asyncness fn refresh #generics (#(#params),*) -> #returned #bounds {
            #refresh
        }
        #force
    }
}
