//! `#[memoize(batch)]`: the function of a slice, and verbs for one key of it.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::attrs::Attrs;
use super::warm::Verbs;
use super::{braced, companion, memo, ours};
use crate::batch::keys;
use crate::model::{Model, Place};
use crate::{hidden, types};

/// What there is to expand.
struct Batch<'a> {
    model: &'a Model<'a>,
    /// The parameter that takes the keys.
    keys: &'a Ident,
    /// One key, as what goes beside the function speaks of it.
    key: Type,
    /// The skipped parameters.
    skipped: Vec<&'a crate::key::Param>,
}

/// The function, and its companion.
pub(super) fn expand(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let batch = Batch::of(model);
    let companion = batch.companion();
    match &model.place {
        // With its companion inside, where nobody else finds it.
        Place::Inside(_) => (batch.function(&companion), TokenStream::new()),
        _ => (batch.function(&TokenStream::new()), companion),
    }
}

impl<'a> Batch<'a> {
    fn of(model: &'a Model<'a>) -> Self {
        let (index, key) = keys(&model.params, &model.parts).expect("it has been checked");
        let others = model.params.iter().enumerate().filter(|(other, _)| *other != index);
        let skipped = others.map(|(_, param)| param).collect();
        Self { model, keys: &model.params[index].name, key: hidden::renamed(model, key), skipped }
    }

    /// With the types that others see.
    fn seen(&self) -> Self {
        Self::of(self.model.offered())
    }

    /// The companion's name.
    fn name(&self) -> &Ident {
        match &self.model.place {
            Place::Type(name) | Place::Inside(name) => name,
            _ => &self.model.item.sig.ident,
        }
    }

    fn function(&self, inside: &TokenStream) -> TokenStream {
        let item = self.model.item;
        let (attrs, vis) = (Attrs::sort(&item.attrs).function, &item.vis);
        let sig = super::function::head(self.model);
        let (keys, max) = (self.keys, self.longest());
        let run = self.run("call", "batch_call", &quote!(#keys, #max));
        let body = braced(self.model, quote!(#inside #run));
        // Who only calls `load` uses it too.
        let sig = super::function::with_room(&sig);
        quote!(#attrs #[allow(dead_code)] #vis #sig #body)
    }

    /// One call into the library.
    fn run(&self, verb: &str, plain: &str, args: &TokenStream) -> TokenStream {
        let (krate, name) = (&self.model.krate, self.name());
        let (verb, plain) = (format_ident!("{verb}"), format_ident!("{plain}"));
        let (plan, item) = (quote!(#name::__plan()), quote!(#name::__ITEM));
        let (body, memo) = (self.body(), quote!(#name::cache()));
        if self.model.item.sig.asyncness.is_none() {
            return quote!(#krate::__private::#plain::<{ #item }, _>(#plan, #memo, #args, #body));
        }
        self.awaited(&verb, &quote!(#memo, #args))
    }

    /// The same of an asynchronous function.
    fn awaited(&self, verb: &Ident, args: &TokenStream) -> TokenStream {
        let (krate, name, body) = (&self.model.krate, self.name(), self.body());
        let (plan, item) = (quote!(#name::__plan()), quote!(#name::__ITEM));
        if self.model.may_come_back() {
            // What its future can do the compiler could not find out without knowing it already.
            let body = quote!(#krate::__private::BatchBody::new(#plan, #body));
            return quote!(#krate::__private::ByThread.#verb::<_, _, _, { #item }>(#body, #args).await);
        }
        let borrows = self.skipped.iter().any(|param| types::borrows(&param.ty));
        let driven = format_ident!("{}", if borrows { "driven_here" } else { "driven" });
        quote!(#krate::__async_batch!(#driven, #verb, #item, #plan, #body, #args).await)
    }

    /// A closure that runs the body for keys, as often as need be.
    fn body(&self) -> TokenStream {
        let (krate, uncached, key) = (&self.model.krate, self.model.body(), &self.key);
        let skipped: Vec<_> = self.skipped.iter().map(|param| &param.name).collect();
        let run = ours("run");
        let args = |keys: TokenStream| {
            let arg = |param: &crate::key::Param| {
                let name = &param.name;
                if name == self.keys { keys.clone() } else { quote!(#name) }
            };
            let args: Vec<_> = self.model.params.iter().map(arg).collect();
            quote!(#(#args),*)
        };
        let again = quote!(#(let #skipped = #krate::__private::again(&#skipped);)*);
        if self.model.item.sig.asyncness.is_none() {
            let args = args(quote!(#run));
            return quote!(|#run: &[#key]| { #again #uncached(#args) });
        }
        let (args, name) = (args(quote!(#run)), self.name());
        quote!(move |#run: ::std::vec::Vec<#key>| { #again #name::__run(#args) })
    }

    /// The body of an asynchronous function with keys of its own. What its future can do is known where it is called, as it would not
    /// be of one that is made there.
    fn runner(&self) -> TokenStream {
        let sig = &self.model.item.sig;
        if sig.asyncness.is_none() {
            return TokenStream::new();
        }
        let (generics, bounds, output) = (&sig.generics, &sig.generics.where_clause, &sig.output);
        let (uncached, key) = (self.model.body(), &self.key);
        let params = self.model.params.iter().map(|param| {
            let name = &param.name;
            if name == self.keys { quote!(#name: ::std::vec::Vec<#key>) } else { quote!(#param) }
        });
        let args = self.model.params.iter().map(|param| {
            let name = &param.name;
            if name == self.keys { quote!(&#name) } else { quote!(#name) }
        });
        quote! {
            async fn __run #generics(#(#params),*) #output #bounds {
                #uncached(#(#args),*).await
            }
        }
    }

    /// How many keys a run takes at most: a call of the one place that says so.
    fn longest(&self) -> TokenStream {
        let name = self.name();
        match &self.model.options.batch.max {
            Some(_) => quote!(#name::__longest()),
            None => quote!(::core::primitive::usize::MAX),
        }
    }

    /// How single loads are gathered.
    fn gathering(&self) -> TokenStream {
        let (krate, max) = (&self.model.krate, self.longest());
        let window = match &self.model.options.batch.window {
            None => quote!(::core::time::Duration::from_millis(1)),
            Some((_, window)) => window.say(),
        };
        let identity = self.skipped.iter().map(|param| {
            let name = &param.name;
            quote_spanned!(param.ty.span()=> #krate::__private::Kin::identity(&#name))
        });
        quote! {
            #krate::__private::Gathering {
                max: #max,
                window: #window,
                identity: ::std::vec![#(#identity),*],
            }
        }
    }

    /// Of no type where a key or an answer is refused, so that this is said once.
    fn plan(&self) -> TokenStream {
        let Model { krate, .. } = self.model;
        let (name, key, returned) = (self.name(), &self.key, self.model.forever(&self.model.returned));
        let plan = quote! {
            #krate::__private::Batch<
                { #name::__KEY },
                { #name::__WHOLE },
                { #name::__ITEM },
                { #name::__WHOLE_LENGTH },
                { #name::__ITEM_LENGTH },
                { #name::__SEND },
                { #name::__FIT },
                #key,
                #returned,
            >
        };
        quote!(<[(); #name::__ARE_FIT] as #krate::__private::Known<#plan>>::Own)
    }

    fn companion(&self) -> TokenStream {
        let item = self.model.item;
        let (attrs, name) = (Attrs::sort(&item.attrs), self.name());
        let is_inside = matches!(self.model.place, Place::Inside(_));
        let all = if is_inside { TokenStream::new() } else { attrs.of_head() };
        let declared = companion::declared(self.model, name, &all);
        let uncached = companion::uncached(self.model, &self.model.verb_vis(), &attrs.body);
        let (modes, cache, runner) = (self.modes(), self.cache(), self.runner());
        let verbs = (!is_inside)
            .then(|| [self.verbs(), self.loads(), self.warm()].into_iter().collect::<TokenStream>());
        let hidden = hidden::declared(self.model, &companion::quiet(&all));
        quote! {
            #declared
            #hidden
            #all
            #[automatically_derived]
            #[allow(dead_code, unused_lifetimes)]
            #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
            impl #name {
                #modes
                #cache
                #runner
                #verbs
            }
            #all
            impl #name {
                #uncached
            }
        }
    }

    /// What the types can do, asked of the compiler.
    fn modes(&self) -> TokenStream {
        let Model { krate, .. } = self.model;
        let (name, key, returned) = (self.name(), &self.key, self.model.forever(&self.model.returned));
        let whole = quote!(<#returned as #krate::__private::Outcome<{ #name::__WHOLE }>>::Kept);
        let each = quote!(<#whole as #krate::__private::Form<#key, { #name::__FIT }>>::Item);
        let plan = self.plan();
        let longest = self.model.options.batch.max.as_ref().map(|(_, max)| {
            quote! {
                fn __longest() -> ::core::primitive::usize {
                    #max
                }
            }
        });
        let asserted_key =
            quote_spanned!(key.span()=> #krate::__private::assert_key::<{ #name::__KEY }, #key>(););
        let asserted_value = quote_spanned! {self.model.returned.span()=>
            #krate::__private::assert_answers::<<[(); #name::__KEY_FITS] as #krate::__private::Known<#key>>::Own, { #name::__WHOLE }, #returned>();
            #krate::__private::assert_value::<{ #name::__ITEM }, #each>();
        };
        quote! {
            const __KEY: ::core::primitive::u8 = #krate::__ref_key_mode!(#key);
            const __WHOLE: ::core::primitive::u8 = #krate::__whole_mode!(#returned);
            const __FIT: ::core::primitive::bool = #krate::__is_fit!(#key, #whole);
            const __ITEM: ::core::primitive::u8 = #krate::__outcome_mode!(#each);
            const __WHOLE_LENGTH: ::core::primitive::bool = #krate::__holds_length!(#returned);
            const __ITEM_LENGTH: ::core::primitive::bool = #krate::__holds_length!(#each);
            const __SEND: ::core::primitive::bool = #krate::__is_send!(#each);
            const __KEY_FITS: ::core::primitive::usize = { #asserted_key 0 };
            const __ARE_FIT: ::core::primitive::usize = { #asserted_value 0 };
            const fn __plan() -> #plan {
                #krate::__private::Batch::new()
            }
            #longest
        }
    }

    fn cache(&self) -> TokenStream {
        let Model { krate, .. } = self.model;
        let (vis, (k, v)) = (self.model.verb_vis(), self.kinds());
        let (seen_k, seen_v) = self.seen().kinds();
        let spec = memo::spec_of(self.model, Some(&k), &v);
        quote! {
            #vis fn cache() -> &'static #krate::Memo<#seen_k, #seen_v> {
                static MEMO: #krate::Memo<#k, #v> = #krate::Memo::__of(|| #spec);
                &MEMO
            }
        }
    }

    /// The types of keys and of what is kept.
    fn kinds(&self) -> (TokenStream, TokenStream) {
        let (krate, plan) = (&self.model.krate, self.plan());
        (self.key_type(), quote!(<#plan as #krate::__private::Plan>::Kept))
    }

    fn key_type(&self) -> TokenStream {
        let Model { krate, .. } = self.model;
        let (name, key) = (self.name(), &self.key);
        if self.model.is_plain_key(key) {
            return quote!(#key);
        }
        quote!(<#key as #krate::__private::RefKey<#krate::__private::Mode<{ #name::__KEY }>>>::Key)
    }

    /// The verbs that look: without arguments, or with one key.
    fn verbs(&self) -> TokenStream {
        let Model { krate, .. } = self.model;
        let seen = self.seen();
        let (vis, name, key, (k, v)) = (self.model.verb_vis(), self.name(), &seen.key, seen.kinds());
        let (arg, kept) = (ours("key"), ours("value"));
        let face = quote! {
            #krate::__private::Face::<
                #krate::__private::RefTo<#krate::__private::Mode<{ #name::__KEY }>>, 0, _, _,
            >::new(#name::cache())
        };
        quote! {
            #vis fn cache_info() -> #krate::CacheInfo {
                #name::cache().cache_info()
            }
            #vis fn reset_info() {
                #name::cache().reset_info();
            }
            #vis fn clear() -> ::core::primitive::usize {
                #name::cache().clear()
            }
            #vis fn invalidate_if(matches: impl ::core::ops::FnMut(&#k, &#v) -> ::core::primitive::bool) -> ::core::primitive::usize {
                #name::cache().invalidate_if(matches)
            }
            #vis fn invalidate(#arg: #key) -> ::core::primitive::bool {
                #face.invalidate(&#arg)
            }
            #vis fn contains(#arg: #key) -> ::core::primitive::bool {
                #face.contains(&#arg)
            }
            #vis fn peek(#arg: #key) -> ::core::option::Option<#v> {
                #face.peek(&#arg)
            }
            #vis fn insert(#arg: #key, #kept: #v) {
                #face.insert(&#arg, #kept);
            }
            #vis fn __memoized(#arg: #key) -> #krate::__private::ToWrite<#v> {
                #face.to_write(&#arg)
            }
            #vis fn __forget_all() -> ::core::primitive::usize {
                #name::cache().clear()
            }
        }
    }

    /// The verbs that run the body for keys that are not there.
    fn warm(&self) -> TokenStream {
        let (krate, name, key) = (&self.model.krate, self.name(), &self.key);
        let (keys, how, max, body) = (ours("keys"), ours("how"), self.longest(), self.body());
        let (plan, item, memo) = (quote!(#name::__plan()), quote!(#name::__ITEM), quote!(#name::cache()));
        let collected = quote!(::core::iter::Iterator::collect(::core::iter::IntoIterator::into_iter(#keys)));
        let all = if self.model.is_async() {
            self.awaited(&format_ident!("warm"), &quote!(#memo, #collected, #max, #how))
        } else {
            quote!(#krate::__private::batch_warm::<{ #item }, _>(#plan, #memo, #collected, #max, #how, #body))
        };
        let attrs = &TokenStream::new();
        Verbs { model: self.model, ty: quote!(#key), all, attrs, vis: &self.model.verb_vis() }.write()
    }

    /// The verbs that may run the body for one key. They take the skipped arguments too.
    fn loads(&self) -> TokenStream {
        let Model { krate, item, .. } = self.model;
        let (vis, asyncness, bounds) =
            (self.model.verb_vis(), &item.sig.asyncness, &item.sig.generics.where_clause);
        let seen = self.seen();
        let (generics, plan) = (&item.sig.generics, seen.plan());
        let one = quote!(<#plan as #krate::__private::Plan>::One);
        let (arg, how) = (ours("key"), ours("how"));
        let params = seen.model.params.iter().map(|param| {
            let key = &seen.key;
            if param.name == *seen.keys { quote!(#arg: #key) } else { quote!(#param) }
        });
        let params: Vec<_> = params.collect();
        let load = self.run("load", "batch_load", &quote!(#arg, #how));
        let refresh = self.run("refresh", "batch_refresh", &quote!(#arg));
        let gathering = self.gathering();
        quote! {
            #vis #asyncness fn load #generics (#(#params),*) -> #one #bounds {
                let #how = #gathering;
                #load
            }
            #vis #asyncness fn refresh #generics (#(#params),*) -> #one #bounds {
                #refresh
            }
        }
    }
}
