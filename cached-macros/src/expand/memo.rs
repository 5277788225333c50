//! The memo of a function: where it is, what is fixed about it, and its face, which everything else is a call of.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;

use super::{entry, lookup, needs, ours, outcome, worked_out};
use crate::generics::shown;
use crate::model::{Model, Place};
use crate::options::Policy;
use crate::scope::Scope;
use crate::{closures, types};

/// The expression that gives the memo's face; where the key's type is not known, the look-up must be at hand.
pub(super) fn face(model: &Model<'_>) -> TokenStream {
    let (krate, shape, mode) = (&model.krate, lookup::shape(model), outcome::mode(model));
    let face = quote!(#krate::__private::Face);
    if let Some((_, field)) = &model.options.inside {
        if model.key_is_named() && model.place != Place::Nowhere {
            // Where the field is of another type, one place is enough to say so.
            let (own, cache) =
                (model.item.receiver().map(|receiver| receiver.self_token), model.beside("cache"));
            return quote!(#face::<#shape, #mode, _, _>::new(#own.#cache()));
        }
        let field = lent(field);
        if model.key_is_named() {
            let (spec, key, value) = (spec(model), lookup::key_type(model), outcome::value_type(model));
            return quote!(#face::<#shape, #mode, #key, #value>::bound(#field, || #spec));
        }
        return bound(model, &worked_out::field(model, &field));
    }
    if model.key_is_named() {
        let cache = match &model.place {
            Place::Type(_) | Place::Inside(_) => {
                return needs::call(model, "__face");
            }
            Place::Nowhere => {
                let found = found(model);
                quote!({ #found })
            }
            _ => needs::call(model, "cache"),
        };
        return quote!(#face::<#shape, #mode, _, _>::new(#cache));
    }
    let (value, lookup) = (outcome::value_type(model), ours("lookup"));
    let (site, spec) = if model.place == Place::Nowhere {
        let spec = spec(model);
        (
            quote!({ static SITE: #krate::__private::Site = #krate::__private::Site::new(); &SITE }),
            quote!(|| #spec),
        )
    } else {
        let (site, spec, turbofish) =
            (model.path("__site"), model.path("__spec"), model.turbofish(&quote!(_)));
        (quote!(#site()), quote!(#spec #turbofish))
    };
    quote!(#face::<#shape, #mode, _, #value>::for_args(#site, &#lookup, #spec))
}

/// A reference to a field: where that is of another type, it is the field of which that is said.
pub(super) fn lent(field: &syn::Expr) -> TokenStream {
    super::located(&quote!(&), field.span()).into_iter().chain(quote!(#field)).collect()
}

/// The face of a field's memo, where the key's type is not known.
pub(super) fn bound(model: &Model<'_>, field: &TokenStream) -> TokenStream {
    let (krate, shape, mode, lookup) =
        (&model.krate, lookup::shape(model), outcome::mode(model), ours("lookup"));
    let (spec, value) = (spec(model), outcome::value_type(model));
    quote!(#krate::__private::bound_for::<#shape, #mode, #value, _>(&#lookup, #field, || #spec))
}

/// Statements that end with the memo.
pub(super) fn found(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let (key, value) = (lookup::key_type(model), outcome::value_type(model));
    if let Some((path, function)) = bare(model) {
        let parts = model.parts.len();
        let memo = if model.leaves().all(|(_, leaf)| model.is_shown(leaf)) {
            quote!(#krate::Static::shown(#path, #function, #parts))
        } else {
            quote!(#krate::__plain!(#key, #path, #function, #parts))
        };
        return quote! {
            static MEMO: #krate::Static<#key, #value> = #memo;
            &MEMO
        };
    }
    let (assertions, spec) = (assertions(model), spec(model));
    if model.is_one() {
        return quote! {
            static MEMO: #krate::Memo<#key, #value> = #krate::Memo::__of(|| #spec);
            #assertions
            &MEMO
        };
    }
    let site = if model.is_method() {
        quote!({ static SITE: #krate::__private::Site = #krate::__private::Site::new(); &SITE })
    } else {
        let site = model.path("__site");
        quote!(#site())
    };
    if model.is_checked() {
        return quote! {
            #assertions
            #krate::__checked_site!(#site, #key, #value, || #spec)
        };
    }
    quote! {
        #assertions
        #site.of::<#key, #value, _>(|| #spec)
    }
}

/// Options to which it does not matter what a hit leaves behind.
const OF_NO_MATTER: [&str; 9] =
    ["name", "companion", "crate", "skip", "key", "store_if", "on_remove", "single_flight", "lazy"];

/// What a hit leaves behind, where the options say so: hits are compiled for that alone.
pub(super) fn note(model: &Model<'_>) -> Option<TokenStream> {
    let (krate, options) = (&model.krate, &model.options);
    let are_only = |names: &[&str]| options.are_only(&[names, &OF_NO_MATTER].concat());
    if !are_only(&["max", "max_weight", "weigher", "policy"]) {
        let ages = ["ttl", "idle", "tags"].iter().any(|option| options.was_given(option));
        return ages.then(|| quote!(#krate::__private::note::AGEING));
    }
    let is_bounded = options.was_given("max") || options.was_given("max_weight");
    let kind = match &options.policy {
        Some((_, Policy::Own(_))) => return None,
        Some((_, Policy::Known(kind))) => quote!(#kind),
        None if is_bounded => quote!(Adaptive),
        None => quote!(Unbounded),
    };
    Some(quote!(#krate::__private::note::#kind))
}

/// Whether nothing is asked of a value but that it is kept.
pub(super) fn is_without_options(model: &Model<'_>) -> bool {
    model.options.are_only(&["name", "companion", "crate", "skip", "key", "lazy"])
}

/// Whether the options bound the cache or let its entries end after a time that is the same for all, and do no more.
pub(super) fn is_simple(model: &Model<'_>) -> bool {
    const SIMPLE: [&str; 11] =
        ["name", "companion", "crate", "skip", "key", "lazy", "max", "policy", "ttl", "idle", "jitter"];
    model.options.are_only(&SIMPLE) && hooks(model).is_empty()
}

/// What a free function without options is called, where all its types are known to be right and can be shown.
fn bare(model: &Model<'_>) -> Option<(TokenStream, String)> {
    let is_bare = matches!(model.place, Place::Type(_) | Place::Inside(_))
        && model.is_one()
        && model.parts.len() <= 12
        && model.leaves().all(|(_, leaf)| model.is_plain_leaf(leaf))
        && outcome::is_plain(model)
        && model.options.are_only(&["name", "companion", "crate"]);
    is_bare.then(|| (path(model), function(model)))
}

/// The name in reports.
fn path(model: &Model<'_>) -> TokenStream {
    let function = function(model);
    match &model.options.name {
        Some(name) => quote!(#name),
        None if is_in_static(model) => {
            let of = model.block.map(|block| types::text(&block.self_ty)).unwrap_or_default();
            quote!(::core::concat!(::core::module_path!(), "::", #of, "::", #function))
        }
        None => {
            let function = format!("::{function}");
            quote!(::core::concat!(::core::module_path!(), #function))
        }
    }
}

/// Where a memo is whose key's type nobody can write down, and what it is called: a text that [`fixed_with`](super::fixed_with) takes.
pub(super) fn place(model: &Model<'_>) -> String {
    // No name is to be taken for that of the library.
    let quoted = |text: &str| format!("{text:?}").replace("__krate", "__\\u{6b}rate");
    let (name, is_tuple) = (function(model), model.parts.len() != 1);
    let function = quoted(&name);
    let path = match &model.options.name {
        Some(name) => quoted(&name.value()),
        None => format!("::core::concat!(::core::module_path!(), {})", quoted(&format!("::{name}"))),
    };
    format!(
        "#[inline]
        fn place() -> &'static __krate::__private::Place {{
            static PLACE: __krate::__private::Place = __krate::__private::Place {{
                site: __krate::__private::Place::SITE, path: {path}, function: {function}, is_tuple: {is_tuple},
            }};
            &PLACE
        }}"
    )
}

/// The name in cycle reports.
fn function(model: &Model<'_>) -> String {
    syn::ext::IdentExt::unraw(&model.item.sig.ident).to_string()
}

/// What the options say of each entry, as calls one after the other.
fn hooks(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let mut hooks: TokenStream =
        [model.options.weight.hooks(krate), model.options.age.hooks(krate)].into_iter().collect();
    if let Some((name, keeps)) = &model.options.store_if {
        let keeps = closures::hook(keeps, krate, "store_if");
        hooks.extend(quote!(.#name(#keeps)));
    }
    if let Some((name, told)) = &model.options.on_remove {
        hooks.extend(quote!(.#name(#told)));
    }
    if let Some(tags) = &model.options.tags {
        hooks.extend(tags.hooks(model));
    }
    hooks
}

/// Whether the options say `Self`, as in `max = Self::MOST`.
pub(crate) fn options_speak_of_self_type(model: &Model<'_>) -> bool {
    let may = !model.options.are_only(&["name", "companion", "crate", "skip", "key", "in", "lazy"]);
    may && [options(model), hooks(model)].into_iter().any(|said| types::mentions(said, "Self"))
}

/// `cache`, and what it needs beside it.
pub(super) fn cache(model: &Model<'_>, attrs: &TokenStream, vis: &syn::Visibility) -> TokenStream {
    let (krate, cache) = (&model.krate, model.beside("cache"));
    let value = outcome::value_type(model.offered());
    let (generics, bounds) = needs::declared(model, &TokenStream::new());
    let is_generic_function = !model.is_method() && !model.is_one();
    let site = (is_generic_function || !model.key_is_named()).then(|| {
        let (site, sized) = (model.beside("__site"), needs::sized(model));
        quote! {
            #[doc(hidden)]
            #[allow(dead_code)]
            fn #site() -> &'static #krate::__private::Site #sized {
                static SITE: #krate::__private::Site = #krate::__private::Site::new();
                &SITE
            }
        }
    });
    if model.key_is_named() {
        let (key, found) = (lookup::key_type(model.offered()), found(model));
        return quote! {
            #site
            #attrs
            #[inline]
            #vis fn #cache #generics() -> &'static #krate::Memo<#key, #value> #bounds {
                #found
            }
        };
    }
    let (own, unnamed) = (spec_beside(model), unnamed(model, attrs, vis));
    quote!(#site #own #unnamed)
}

/// What is fixed about a memo whose key's type nobody can write down.
fn spec_beside(model: &Model<'_>) -> TokenStream {
    let (krate, spec, value) = (&model.krate, spec(model), outcome::value_type(model));
    // Errors are kept beside the entries, under keys that have to be fit for that.
    let fit = if model.options.was_given("errors") {
        quote!(__Key: ::core::marker::Send + ::core::marker::Sync + 'static)
    } else {
        quote!(__Key: 'static)
    };
    let (generics, bounds) = needs::declared(model, &fit);
    let name = model.beside("__spec");
    quote! {
        #[doc(hidden)]
        #[allow(dead_code, unused_lifetimes)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        fn #name #generics() -> #krate::__private::Spec<__Key, #value> #bounds {
            #spec
        }
    }
}

/// `cache` of such a memo.
fn unnamed(model: &Model<'_>, attrs: &TokenStream, vis: &syn::Visibility) -> TokenStream {
    let (krate, assertions, cache) = (&model.krate, assertions(model), model.beside("cache"));
    let (value, own) = (outcome::value_type(model.offered()), outcome::value_type(model));
    let (generics, bounds) = needs::declared(model, &TokenStream::new());
    let (site, spec, turbofish) = (model.path("__site"), model.path("__spec"), model.turbofish(&quote!(_)));
    let names: Vec<_> = model.params.iter().map(|param| &param.inner).collect();
    // As they are everywhere but for the names of lifetimes, so that a mistake in the key is the same one everywhere.
    let types = model.params.iter().map(|param| types::nameless(&param.ty));
    let params = quote!((#(#names,)*): (#(#types,)*));
    let is_entry = entry::is_there(model);
    let of_method = (model.is_method() && !is_entry).then(|| looked_up(model));
    let memo = if is_entry {
        let (mode, entry) = (outcome::mode(model), entry::by_all(model, &params));
        quote! {
            memo_of_entry::<{ #mode }, _, _, #own, _>(#site(), #entry, #spec #turbofish)
        }
    } else if of_method.is_some() {
        let (shape, lookup) = (lookup::shape(model), model.path("__looked_up"));
        let of_lookup = model.turbofish(&TokenStream::new());
        quote! {
            memo_by::<#shape, _, _, #own, _>(#site(), |#params| #lookup #of_lookup(#(#names),*), #spec #turbofish)
        }
    } else {
        let (known, args, shape) = (worked_out::known(model), lookup::args(model), lookup::shape(model));
        quote!(memo_by::<#shape, _, _, #own, _>(#site(), |#params| { #known #args }, #spec #turbofish))
    };
    quote! {
        #of_method
        #attrs
        #[inline]
        #[allow(unused_variables)]
        #vis fn #cache #generics() -> &'static #krate::Memo<impl ::core::marker::Send + ::core::marker::Sync, #value>
        #bounds
        {
            #assertions
            #krate::__private::#memo
        }
    }
}

/// What a method is looked up by, where that is worked out: it speaks of `self`, and so in a method alone.
fn looked_up(model: &Model<'_>) -> TokenStream {
    let (krate, shape, name) = (&model.krate, lookup::shape(model), model.beside("__looked_up"));
    let (params, (first, made)) = (super::function::declared(model), lookup::looked_up(model));
    let (generics, bounds) = needs::declared(model, &TokenStream::new());
    quote! {
        #[doc(hidden)]
        #[allow(non_snake_case, dead_code, unused_variables, unused_lifetimes, deprecated)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        fn #name #generics(#(#params),*) -> impl #krate::__private::ValKey<#shape> #bounds {
            #first
            #made
        }
    }
}

/// Calls that make the compiler say in our words what cannot be a key, or be kept.
pub(super) fn assertions(model: &Model<'_>) -> TokenStream {
    let (keys, value) = (lookup::assertions(model), outcome::assertions(model));
    quote!(#keys #value)
}

pub(super) fn spec(model: &Model<'_>) -> TokenStream {
    let key = model.key_is_named().then(|| lookup::key_type(model));
    spec_of(model, key.as_ref(), &outcome::value_type(model))
}

/// What is fixed about a memo with keys and values of these types.
pub(super) fn spec_of(model: &Model<'_>, key: Option<&TokenStream>, value: &TokenStream) -> TokenStream {
    let krate = &model.krate;
    let (path, function, hooks) = (path(model), function(model), hooks(model));
    let new = if outcome::is_plain(model) { quote!(plain) } else { quote!(new) };
    let mut spec = if hooks.is_empty() {
        quote!(#krate::__private::Spec::#new(#path, #function))
    } else {
        // With its types, as closures have to be told what they get.
        let key = key.map_or_else(|| quote!(_), |key| quote!(#key));
        quote! {
            #krate::__private::Spec::<#key, #value>::#new(#path, #function)
                .per_entry(#krate::__private::Hooks::<#key, #value>::new()#hooks)
        }
    };
    if let Some(key) = key {
        spec.extend(quote!(.debug(#krate::__private::Probe::<#key>::NEW.__debug())));
    }
    if model.parts.len() != 1 {
        spec.extend(quote!(.tuple()));
    }
    if model.is_method() && model.options.name.is_none() && !is_in_static(model) {
        spec.extend(quote!(.within(::core::any::type_name::<Self>())));
    }
    // The memo of a field is one for all that a method's own parameters are.
    let is_own = |generics: &&syn::Generics| {
        model.options.inside.is_none() || !std::ptr::eq(*generics, &raw const model.item.sig.generics)
    };
    let generics = shown(&model.generics().into_iter().filter(is_own).collect::<Vec<_>>());
    if !generics.is_empty() {
        spec.extend(quote!(.generics(&[#(#generics),*])));
    }
    spec.extend(match &model.options.scope {
        Some((_, Scope::Request)) => quote!(.of_request()),
        Some((_, Scope::Thread)) => quote!(.of_thread()),
        _ => TokenStream::new(),
    });
    let options = options(model);
    if !options.is_empty() {
        spec.extend(quote!(.options(|| #krate::__private::Options::new()#options)));
    }
    if outcome::is_generic(model) {
        let value = model.forever(outcome::returned(model));
        spec.extend(quote!(.unless_result(::core::any::type_name::<#value>())));
    }
    spec
}

/// Whether a static of a method holds the memo, where nothing can name `Self`.
fn is_in_static(model: &Model<'_>) -> bool {
    model.is_method() && model.is_one() && model.key_is_named() && model.options.inside.is_none()
}

/// What the options say, as calls one after the other.
fn options(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let mut options = TokenStream::new();
    if let Some((_, max)) = &model.options.max {
        let max = closures::asked_once(max, krate, "max");
        options.extend(quote!(.max(#max)));
    }
    options.extend(model.options.weight.builder(krate));
    options.extend(model.options.age.builder());
    if let Some((name, shared)) = &model.options.single_flight {
        options.extend(quote!(.#name(#shared)));
    }
    if let Some((_, policy)) = &model.options.policy {
        options.extend(match policy {
            Policy::Known(kind) => quote!(.policy(#krate::PolicyKind::#kind)),
            Policy::Own(path) => quote!(.policy_of::<#path>()),
        });
    }
    options
}
