//! The companion: a type of the function's name that carries the cache's verbs.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::attrs::Attrs;
use super::entry::Entry;
use super::{
    entry, fixed, function, judged, lazily, lookup, memo, needs, ours, outcome, warm, worked_out, written,
};
use crate::hidden;
use crate::model::{Model, Place};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let (Place::Type(name) | Place::Inside(name)) = &model.place else { return TokenStream::new() };
    let (attrs, verb_vis) = (Attrs::sort(&model.item.attrs), &model.verb_vis());
    let all = if matches!(model.place, Place::Inside(_)) { TokenStream::new() } else { attrs.of_head() };
    let uncached = uncached(model, verb_vis, &attrs.body);
    let modes = model.judge.is_none().then(|| [lookup::modes(model), outcome::constant(model)]);
    let modes = modes.into_iter().flatten().collect::<TokenStream>();
    let (face, worked_out) = (face(model), worked_out::constant(model));
    // What the options say is in it: of what is deprecated there, and of nothing else, the user is to hear.
    let cache = memo::cache(
        model,
        &quote! {
            #[allow(dead_code, unused_lifetimes)]
            #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        },
        verb_vis,
    );
    let verbs = matches!(model.place, Place::Type(_)).then(|| {
        let (looking, verbs, all_of_them) = (looking(model), verbs(model), all_of_them(model));
        let (written, warm) = (written::verbs(model), warm::verbs(model, &TokenStream::new(), verb_vis));
        quote!(#looking #verbs #warm #all_of_them #written)
    });
    let (lazily, called) = (lazily::verbs(model), needs::called(model));
    let declared = declared(model, name, &all);
    let hidden = hidden::declared(model, &quiet(&all));
    quote! {
        #declared
        #hidden
        #all
        #[allow(dead_code, non_upper_case_globals, unused_lifetimes, deprecated)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        impl #name {
            #modes
            #worked_out
            #face
            #verbs
            #lazily
            #called
        }
        #all
        impl #name {
            #cache
            #uncached
        }
    }
}

/// The attributes of other names for types.
pub(super) fn quiet(all: &TokenStream) -> TokenStream {
    quote!(#all #[doc(hidden)] #[allow(non_camel_case_types, dead_code, deprecated)])
}

/// The companion without its verbs. Inside of a function nobody else can reach it.
pub(super) fn declared(model: &Model<'_>, name: &Ident, all: &TokenStream) -> TokenStream {
    let vis = match &model.place {
        Place::Inside(_) => &syn::Visibility::Inherited,
        _ => &model.item.vis,
    };
    let (head, last) = super::over_the_function(model.item, vis, "enum");
    let content = quote_spanned!(last=> {});
    quote! {
        #all
        #[doc(hidden)]
        #[allow(non_camel_case_types, missing_debug_implementations, dead_code)]
        #[cfg_attr(clippy, allow(clippy::exhaustive_enums))]
        #head #name #content
    }
}

/// Attributes of the function that has the body.
const OF_BODY: &str = "#[allow(dead_code, private_bounds, private_interfaces)]
    #[cfg_attr(clippy, allow(clippy::missing_errors_doc, clippy::missing_panics_doc))]
    #[cfg_attr(clippy, allow(clippy::must_use_candidate, clippy::double_must_use))]
    #[cfg_attr(clippy, allow(clippy::missing_const_for_fn))]";

/// The body, verbatim, as a function beside the wrapper: patterns, `?`, `return` and inner attributes mean what they
/// mean in any function.
pub(super) fn uncached(model: &Model<'_>, vis: &syn::Visibility, attrs: &TokenStream) -> TokenStream {
    let body = &model.item.body;
    let mut sig = model.offered().item.sig.clone();
    sig.output = model.yielding().item.sig.output.clone();
    sig.abi = None;
    sig.ident = model.beside("uncached");
    if model.place == Place::Apart {
        let (generics, bounds) = model.declared(&TokenStream::new());
        sig.generics = syn::parse_quote!(#generics);
        sig.generics.where_clause = syn::parse_quote!(#bounds);
    }
    let judged = judged::body(model);
    // What a trait says of its functions nobody is told to write otherwise.
    let of_trait = (model.place == Place::Apart).then(|| {
        quote! {
            #[cfg_attr(clippy, allow(clippy::needless_pass_by_value, clippy::ptr_arg, clippy::trivially_copy_pass_by_ref))]
            #[cfg_attr(clippy, allow(clippy::unnecessary_wraps, clippy::unused_async, clippy::unused_self))]
        }
    });
    let of_body = fixed(OF_BODY);
    // Tokens of the user's throughout, or lints that speak of functions would not see it.
    quote! {
        #of_trait
        #of_body
        #attrs
        #vis #sig #body
        #judged
    }
}

/// The memo's face, where the key's type can be written down.
fn face(model: &Model<'_>) -> TokenStream {
    if !model.key_is_named() {
        return TokenStream::new();
    }
    let krate = &model.krate;
    let (shape, mode) = (lookup::shape(model), outcome::mode(model));
    let (key, value) = (lookup::key_type(model), outcome::value_type(model));
    let (generics, bounds) = needs::declared(model, &TokenStream::new());
    let (cache, turbofish) = (model.path("cache"), model.turbofish(&TokenStream::new()));
    quote! {
        #[inline]
        fn __face #generics() -> #krate::__private::FaceOf<#shape, #mode, #key, #value> #bounds {
            #krate::__private::Face::new(#cache #turbofish())
        }
    }
}

/// The verbs without arguments.
fn looking(model: &Model<'_>) -> TokenStream {
    let (krate, vis) = (&model.krate, model.verb_vis());
    let (generics, bounds) = needs::declared(model, &TokenStream::new());
    let (cache, turbofish) = (model.path("cache"), model.turbofish(&TokenStream::new()));
    let invalidate_if = model.key_is_named().then(|| {
        let (key, value) = (lookup::key_type(model.offered()), outcome::value_type(model.offered()));
        quote! {
            #vis fn invalidate_if #generics(
                matches: impl ::core::ops::FnMut(&#key, &#value) -> ::core::primitive::bool,
            ) -> ::core::primitive::usize #bounds {
                #cache #turbofish().invalidate_if(matches)
            }
        }
    });
    if model.names.is_empty() && model.item.sig.generics.where_clause.is_none() {
        // Constants, as they cost nothing until somebody uses them. What is asked for they cannot ask for.
        return quote! {
            #vis const cache_info: fn() -> #krate::CacheInfo = || #cache().cache_info();
            #vis const reset_info: fn() = || #cache().reset_info();
            #vis const clear: fn() -> ::core::primitive::usize = || #cache().clear();
            #invalidate_if
        };
    }
    quote! {
        #vis fn cache_info #generics() -> #krate::CacheInfo #bounds {
            #cache #turbofish().cache_info()
        }
        #vis fn reset_info #generics() #bounds {
            #cache #turbofish().reset_info();
        }
        #vis fn clear #generics() -> ::core::primitive::usize #bounds {
            #cache #turbofish().clear()
        }
        #invalidate_if
    }
}

/// The verbs of all monomorphisations together.
fn all_of_them(model: &Model<'_>) -> TokenStream {
    if model.names.is_empty() {
        return TokenStream::new();
    }
    let (krate, vis, site) = (&model.krate, model.verb_vis(), model.path("__site"));
    quote! {
        #vis fn infos() -> ::std::vec::Vec<#krate::CacheInfo> {
            #site().infos()
        }
        #vis fn clear_all() -> ::core::primitive::usize {
            #site().clear_all()
        }
    }
}

/// The verbs that take the function's arguments.
fn verbs(model: &Model<'_>) -> TokenStream {
    let (vis, params) = (model.verb_vis(), &model.offered().params);
    let (generics, bounds) = needs::declared(model, &TokenStream::new());
    let ((value, _), (_, other)) = (outcome::shown(model.offered()), outcome::shown(model));
    let refresh = refresh(model, &generics, &bounds);
    let (entry, declared) = (Entry::of(model), entry::declared(model));
    let first = &entry.first;
    let kept = ours("value");
    let (show, keep) = other.map_or_else(
        || (TokenStream::new(), quote!(#kept)),
        |(show, keep)| (quote!(.map(#show)), quote!(#keep(#kept))),
    );
    let [invalidate, contains, peek] =
        ["invalidate", "contains", "peek"].map(|verb| entry.ask(verb, &TokenStream::new()));
    let insert = entry.ask("insert", &quote!(, #keep));
    quote! {
        #declared
        #[inline]
        #vis fn invalidate #generics(#(#params),*) -> ::core::primitive::bool #bounds {
            #first
            #invalidate
        }
        #[inline]
        #vis fn contains #generics(#(#params),*) -> ::core::primitive::bool #bounds {
            #first
            #contains
        }
        #[inline]
        #vis fn peek #generics(#(#params),*) -> ::core::option::Option<#value> #bounds {
            #first
            #peek #show
        }
        #[inline]
        #vis fn insert #generics(#(#params,)* #kept: #value) #bounds {
            #first
            #insert;
        }
        #refresh
    }
}

/// `refresh`. An `async fn` is read by the compiler for as long as all else of the function: where the library's own future does it all,
/// there is none.
fn refresh(model: &Model<'_>, generics: &TokenStream, bounds: &TokenStream) -> TokenStream {
    let (vis, params, returned) = (model.verb_vis(), &model.offered().params, &model.yielding().returned);
    let (asyncness, returned, content) = match function::future(model, "refresh") {
        Some(future) => (None, quote!(impl ::core::future::Future<Output = #returned>), future),
        None => {
            let (named, refresh) = (judged::named(model), function::run(model, "refresh"));
            (model.item.sig.asyncness, quote!(#returned), quote!(#named #refresh))
        }
    };
    quote! {
        #[inline]
        #vis #asyncness fn refresh #generics(#(#params),*) -> #returned #bounds {
            #content
        }
    }
}
