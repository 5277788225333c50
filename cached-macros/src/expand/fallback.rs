//! What is emitted when something is wrong: the errors, the function as it was written, and the companion's shape, so
//! that whoever uses either gets no error on top.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Generics, Receiver, ReturnType, Type, TypeParam, TypeParamBound, Visibility};

use super::attrs::Attrs;
use crate::alone::{self, Around};
use crate::batch::keys;
use crate::block::{Block, is_mark};
use crate::generics::Names;
use crate::item::Item;
use crate::key::{Param, Part};
use crate::model::{Model, Place};
use crate::sources::around;
use crate::sources::module::{self, Seen};
use crate::sources::outside;
use crate::told::Unfit;
use crate::{check, lifetimes, told, types};

pub(super) fn expand(model: &Model<'_>) -> (TokenStream, TokenStream) {
    (function(model), shape(model))
}

/// A lazy function keeps its lazy face.
fn function(model: &Model<'_>) -> TokenStream {
    let item = model.item;
    let Item { attrs, vis, sig, body } = item;
    // Where the compiler should have said what is wrong, and has not.
    let is_told = model.is_told || told::is_told_of_hidden(item);
    let late = is_told.then(|| {
        let (why, place) = told::why(model);
        super::unread::late(&why, place)
    });
    let late = late.or_else(|| unfit(model));
    let late = [late, within(model)].into_iter().flatten().reduce(|late, within| quote!(#late #within));
    if model.options.lazy.is_none() || returned_is_odd(&model.returned) || is_eager_in_its_trait(model) {
        let body = super::hints::before(model, body, late);
        let attrs = attrs.iter().filter(|attr| !is_mark(attr));
        return quote!(#(#attrs)* #vis #sig #body);
    }
    let (krate, returned) = (&model.krate, &model.returned);
    let mut own = sig.clone();
    let lazy = if own.asyncness.take().is_some() { quote!(LazyFuture) } else { quote!(Lazy) };
    // What the compiler has to say it says of the function as it was written.
    let is_written = is_told && !model.is_method();
    let written = is_written.then(|| quote!(#[allow(dead_code)] #sig #body));
    let is_no_type = is_written && told::is_of_type(returned, model);
    let returned = if is_no_type { quote!(()) } else { quote!(#returned) };
    own.output = syn::parse_quote!(-> #krate::#lazy<#returned>);
    quote!(#(#attrs)* #[allow(unused_variables)] #vis #own { #late #written ::core::unreachable!() })
}

/// Makes the compiler say in our words what cannot be part of a key, or be kept; should it find nothing, that is an error as well.
fn unfit(model: &Model<'_>) -> Option<TokenStream> {
    let name = &model.item.sig.ident;
    let why = "a type in this function's head was taken for one that cannot be memoized: it is not";
    let late = (!model.unfit.is_empty()).then(|| super::unread::late(why, name.span()))?;
    let assertions = model.unfit.iter().filter_map(|unfit| assertion(model, unfit));
    Some(quote!(#late #[allow(dead_code)] fn unfit() { #(#assertions)* }))
}

fn assertion(model: &Model<'_>, unfit: &Unfit) -> Option<TokenStream> {
    let (assertion, question, ty) = match unfit {
        Unfit::Key(ty, true) => ("assert_ref_key", "__ref_key_mode", ty),
        Unfit::Key(ty, false) => ("assert_key", "__key_mode", ty),
        Unfit::Value(ty) => ("assert_value", "__outcome_mode", ty),
        Unfit::Answer(key, ty) => {
            let (krate, key, ty, span) = (&model.krate, model.forever(key), model.forever(ty), ty.span());
            let here = super::located(krate, span);
            let asked = quote!(#key, { #krate::__whole_mode!(#ty) }, #ty);
            return Some(quote_spanned!(span=> #here::__private::assert_answers::<#asked>();));
        }
        Unfit::Told => return None,
    };
    let (krate, forever, span) = (&model.krate, model.forever(ty), ty.span());
    let (assert, question) = (model.fit(assertion), Ident::new(question, Span::call_site()));
    let (here, asked) = (super::located(krate, span), quote!({ #krate::#question!(#forever) }));
    Some(quote_spanned!(span=> #here::__private::#assert::<#asked, #forever>();))
}

/// Whether a lazy function stands in an unmarked block of a trait that declares it without its lazy face.
fn is_eager_in_its_trait(model: &Model<'_>) -> bool {
    let Some(of_trait) =
        model.around.as_ref().and_then(Around::as_block).and_then(|block| block.of_trait.clone())
    else {
        return false;
    };
    let named = of_trait.into_iter().filter(|token| token.to_string() != "for").collect();
    let Ok(bound) = syn::parse2::<TypeParamBound>(named) else { return false };
    let name = model.item.sig.ident.to_string();
    let declared = Seen::from(model.item.sig.fn_token.span).items_of(&bound);
    declared.iter().any(|item| item.word(0) == "fn" && item.word(1) == name && !item.says("Lazy"))
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
    let is_of_block = types::mentions(quote!(#item), "Self") && !told::is_seen_free(model);
    let is_hidden = matches!(model.place, Place::Inside(_)) || is_of_block;
    let is_crate = model.krate.segments.first().is_some_and(|first| first.ident == *name);
    // A type of this name would be what the head speaks of, and the compiler would have nothing to say.
    let is_meant = model.is_told && types::mentions(model.heads(), &name.to_string());
    if is_hidden
        || is_crate
        || is_meant
        || !alone::has_room(model)
        || types::PRIMITIVES.contains(&name.to_string().as_str())
    {
        return TokenStream::new();
    }
    let all = Attrs::sort(&item.attrs).of_head();
    let (generics, verbs) = if model.is_told {
        (nothing_asked(&item.sig.generics), Verbs::of_anything(model).write(model))
    } else {
        let generics = lifetimes::with(&item.sig.generics, &model.undeclared);
        let verbs = Verbs::of(model, &generics).write(model);
        (generics, verbs)
    };
    let (asyncness, (key, kept)) = (&item.sig.asyncness, entry(model));
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
            #vis fn cache #generics() -> #krate::__private::Unmade<#key, #kept> { ::core::unreachable!() }
            #vis fn invalidate_if #generics(matches: impl ::core::ops::FnMut(&#key, &#kept) -> ::core::primitive::bool) -> ::core::primitive::usize {
                ::core::unreachable!()
            }
            #vis fn infos() -> ::std::vec::Vec<#krate::CacheInfo> { ::core::unreachable!() }
            #vis fn clear_all() -> ::core::primitive::usize { ::core::unreachable!() }
            #vis fn __clear_all() -> ::core::primitive::usize { ::core::unreachable!() }
            #vis #asyncness fn warm(keys: impl ::core::marker::Sized) -> ::core::primitive::usize { ::core::unreachable!() }
            #vis #asyncness fn warm_with(keys: impl ::core::marker::Sized, how: #krate::Warm<'_>) -> #krate::Warmed { ::core::unreachable!() }
            #verbs
        }
    }
}

/// What `Self` means in a block.
fn own_type<'a>(model: &'a Model<'_>, ty: &'a Type) -> &'a Type {
    model.own_block().filter(|_| types::is_self(ty)).map_or(ty, |block| &block.self_ty)
}

/// The types of keys and of what is kept, as far as they are known; else those of nothing.
fn entry(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let is_seen = model.own_block().is_some() || !model.is_method();
    let params = is_seen.then(|| Names::of(model.all_generics()));
    let params = params.as_ref().unwrap_or(&model.names);
    let owned = |param: &Param| {
        let inner = match types::peel(&param.ty) {
            Type::Reference(reference) => own_type(model, &reference.elem),
            own => own_type(model, own),
        };
        if types::is_str(inner) {
            return Some(quote!(::std::string::String));
        }
        let is_open = check::is_lent(inner, model)
            || params.are_in(inner)
            || types::mentions(quote!(#inner), "Self")
            || types::is_left_open(inner)
            || types::has_no_size_by_name(inner)
            || matches!(inner, Type::TraitObject(_))
            || returned_is_odd(inner);
        (!is_open).then(|| quote!(#inner))
    };
    // With what is wrong in a head most of its types are right.
    let is_right = |ty: &Type| {
        let is_free = matches!(model.place, Place::Type(_));
        is_free && !told::is_of_type(ty, model) && !told::speaks_of_what_is_around(model)
    };
    let is_known = model.options.batch.marker.is_none()
        && (!model.is_told || model.params.iter().all(|param| is_right(&param.ty)));
    let parts = model.parts.iter().map(|part| match part {
        Part::Param(index) => owned(&model.params[*index]),
        Part::Expr(_) => None,
    });
    let parts: Option<Vec<_>> = parts.collect();
    let key = parts.filter(|_| is_known).map_or_else(|| quote!(()), super::lookup::one_or_tuple);
    // A lifetime that is not written cannot be made another one.
    let is_hidden = !types::borrows(&model.returned) && check::is_lent(&model.returned, model);
    let is_returned = !is_hidden && (!model.is_told || is_whole(model));
    let is_named = |kept: &TokenStream| !types::mentions(kept.clone(), "Self") && !params.are_in(kept);
    let kept = kept(model).filter(|kept| is_returned && is_named(kept));
    (key, kept.unwrap_or_else(|| quote!(())))
}

/// Whether nothing is wrong with the type that is returned.
fn is_whole(model: &Model<'_>) -> bool {
    !returned_is_odd(&model.returned)
        && !check::is_lent(&model.returned, model)
        && !told::is_of_type(&model.returned, model)
        && !told::speaks_of_what_is_around(model)
        && !model.names.are_in(&model.returned)
}

/// The parameters of a function, of which nothing is asked.
fn nothing_asked(generics: &Generics) -> Generics {
    let params = generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(GenericParam::Type(TypeParam::from(param.ident.clone()))),
        GenericParam::Const(_) => Some(param.clone()),
        GenericParam::Lifetime(_) => None,
    });
    Generics { params: params.collect(), ..Generics::default() }
}

/// Beside a method, only where it can be nothing but that of a type: in a trait it would be one mistake more.
fn beside(model: &Model<'_>) -> TokenStream {
    let item = model.item;
    let is_of_type = !matches!(item.vis, Visibility::Inherited)
        || matches!(model.around, Some(Around::Trait(_)))
        || model.own_block().is_some_and(|block| block.of_trait.is_none());
    let has_place = match model.place {
        Place::Apart => !model.is_told && !alone::is_taken(model),
        Place::Beside => is_of_type,
        _ => false,
    };
    if !has_place || told::is_seen_free(model) || alone::is_second(model) {
        return TokenStream::new();
    }
    of_method(model)
}

/// What would stand beside a function of a trait's block, once that is marked: it has no place there, but in the function.
fn within(model: &Model<'_>) -> Option<TokenStream> {
    let block = model.around.as_ref().and_then(Around::as_block)?;
    let is_missed = block.of_trait.is_some() && block.can_have_its_own() && model.place == Place::Beside;
    let around = around::Place::of(model.item.sig.fn_token.span).and_then(|own| own.around())?;
    let (name, ty) = (model.item.sig.ident.to_string(), types::text(&block.self_ty));
    let has_it_too = |other: &around::Place| {
        let is_it =
            |function: &around::Place| function.word(0) == "fn" && function.word(1).starts_with(&name);
        other.word(0) == "impl"
            && !other.is(&around)
            && other.content().any(|function| is_it(&function))
            && other.head::<Block>().is_some_and(|other| types::text(&other.self_ty) == ty)
    };
    // What a macro makes of its type nobody sees.
    let is_clear = !around.says("$") && !around.beside().any(|other| has_it_too(&other));
    if !is_missed
        || !is_clear
        || alone::is_second(model)
        || alone::is_taken(model)
        || told::misses_async_trait(model)
    {
        return None;
    }
    let apart = block.apart(&of_method(model));
    Some(quote!(#[allow(non_local_definitions)] #apart))
}

fn of_method(model: &Model<'_>) -> TokenStream {
    let item = model.item;
    let (krate, cache) = (&model.krate, model.beside("cache"));
    let is_of_trait = model.own_block().is_some_and(|block| block.of_trait.is_some());
    let vis = if is_of_trait { quote!(pub) } else { item.vis.to_token_stream() };
    // That of an instance is asked of it.
    let own = item.receiver().filter(|_| model.options.was_given("in")).map(|_| quote!(&self));
    let (uncached, (key, kept)) = (of_anything(model, &vis), entry(model));
    quote! {
        #[allow(dead_code)]
        #vis fn #cache(#own) -> #krate::__private::Unmade<#key, #kept> { ::core::unreachable!() }
        #uncached
    }
}

/// What else stands beside a method, for whoever calls it: it takes anything.
fn of_anything(model: &Model<'_>, vis: &TokenStream) -> TokenStream {
    let (krate, asyncness) = (&model.krate, &model.item.sig.asyncness);
    let [uncached, forget, put, clear, warm] =
        ["uncached", "__to_forget", "__to_put", "__clear", "warm"].map(|what| model.beside(what));
    let Verbs { own, returned, .. } = Verbs::of_anything(model);
    let (generics, returned) = match returned {
        Some(returned) => (None, quote!(#returned)),
        None => (Some(quote!(<Value>)), quote!(-> Value)),
    };
    let receiver: Vec<_> = model.item.receiver().cloned().map(without_lifetime).into_iter().collect();
    let own: Vec<_> = own.iter().skip(receiver.len()).collect();
    // Closures and numbers that are passed are of the types that are written, where nothing is wrong with those.
    let sig = &model.item.sig;
    let is_right = !model.is_told
        && sig.generics.params.is_empty()
        && model.undeclared.is_empty()
        && !told::is_told_of_hidden(model.item);
    let written = model.params.iter().skip(receiver.len()).map(ToTokens::to_token_stream);
    let written: Vec<_> =
        if is_right { written.collect() } else { own.iter().map(|&own| own.clone()).collect() };
    quote! {
        #[allow(dead_code, unused_variables)]
        #vis #asyncness fn #uncached #generics(#(#receiver,)* #(#written),*) #returned { ::core::unreachable!() }
        #[doc(hidden)]
        #[allow(dead_code, non_snake_case)]
        #vis fn #forget(#(#receiver,)* #(#own),*) -> #krate::__private::Forget { ::core::unreachable!() }
        #[doc(hidden)]
        #[allow(dead_code, non_snake_case)]
        #vis fn #put<Value>(#(#receiver,)* #(#own),*) -> #krate::__private::Put<Value> { ::core::unreachable!() }
        #[doc(hidden)]
        #[allow(dead_code, non_snake_case)]
        #vis fn #clear() -> ::core::primitive::usize { ::core::unreachable!() }
        #[allow(dead_code)]
        #vis #asyncness fn #warm(#(#receiver,)* keys: impl ::core::marker::Sized) -> ::core::primitive::usize { ::core::unreachable!() }
    }
}

/// The parameters of the function are not there.
fn without_lifetime(mut receiver: Receiver) -> Receiver {
    if let Some((_, lifetime)) = &mut receiver.reference {
        *lifetime = None;
    }
    receiver
}

/// The verbs with arguments.
struct Verbs {
    generics: Generics,
    /// What they take, and what the body takes.
    params: Vec<TokenStream>,
    own: Vec<TokenStream>,
    /// What the body returns, unless that is not known.
    returned: Option<ReturnType>,
    /// What is kept of it.
    kept: Option<TokenStream>,
}

impl Verbs {
    /// They take what the function takes.
    fn of(model: &Model<'_>, generics: &Generics) -> Self {
        let output = &model.item.sig.output;
        let is_odd = matches!(output, ReturnType::Type(_, ty) if returned_is_odd(ty));
        let is_lent = model.options.batch.marker.is_some() && check::is_lent(&model.returned, model);
        Self {
            generics: generics.clone(),
            params: one_key(model),
            own: model.params.iter().map(ToTokens::to_token_stream).collect(),
            // One key lends nothing.
            returned: (!is_lent).then(|| if is_odd { ReturnType::Default } else { output.clone() }),
            kept: kept(model).filter(|_| !is_lent),
        }
    }

    /// With the head something is wrong, of which the compiler speaks: they take anything.
    fn of_anything(model: &Model<'_>) -> Self {
        let any = |(index, param): (usize, &Param)| {
            let (name, ty) = (super::ours(&format!("any_{index}")), &param.ty);
            if says_what_it_takes(ty, model) {
                quote!(#name: #ty)
            } else {
                quote!(#name: impl ::core::marker::Sized)
            }
        };
        let params: Vec<_> = model.params.iter().enumerate().map(any).collect();
        let is_known = is_whole(model);
        Self {
            generics: Generics::default(),
            own: params.clone(),
            params,
            returned: is_known.then(|| model.item.sig.output.clone()),
            kept: kept(model).filter(|_| is_known),
        }
    }

    fn write(&self, model: &Model<'_>) -> TokenStream {
        let Self { generics, params, own, .. } = self;
        let (krate, vis, asyncness) = (&model.krate, &model.item.vis, &model.item.sig.asyncness);
        let (bounds, value) = (&generics.where_clause, super::ours("value"));
        let of_value = with_value(generics);
        let (of_returned, returned) = match &self.returned {
            Some(returned) => (generics, quote!(#returned)),
            None => (&of_value, quote!(-> Value)),
        };
        let (of_kept, kept) = match &self.kept {
            Some(kept) => (generics, quote!(#kept)),
            None => (&of_value, quote!(Value)),
        };
        let load = model.options.batch.marker.as_ref().map(|_| {
            let is_lent = !types::borrows(&model.returned) && check::is_lent(&model.returned, model);
            let (generics, loaded) = match loaded(&model.returned).filter(|_| !is_lent) {
                Some(loaded) => (generics, loaded),
                None => (&of_value, quote!(Value)),
            };
            quote!(#vis #asyncness fn load #generics(#(#params),*) -> #loaded #bounds { ::core::unreachable!() })
        });
        quote! {
            #vis fn __to_forget #generics (#(#params),*) -> #krate::__private::Forget #bounds { ::core::unreachable!() }
            #vis fn __to_put #of_value(#(#params),*) -> #krate::__private::Put<Value> #bounds { ::core::unreachable!() }
            #vis fn invalidate #generics (#(#params),*) -> ::core::primitive::bool #bounds { ::core::unreachable!() }
            #vis fn contains #generics (#(#params),*) -> ::core::primitive::bool #bounds { ::core::unreachable!() }
            #vis fn peek #of_kept(#(#params),*) -> ::core::option::Option<#kept> #bounds { ::core::unreachable!() }
            #vis fn insert #generics (#(#params,)* #value: impl ::core::marker::Sized) #bounds { ::core::unreachable!() }
            #vis #asyncness fn refresh #of_returned (#(#params),*) #returned #bounds { ::core::unreachable!() }
            #vis #asyncness fn force #of_returned (#(#params),*) #returned #bounds { ::core::unreachable!() }
            #vis #asyncness fn uncached #of_returned (#(#own),*) #returned #bounds { ::core::unreachable!() }
            #load
        }
    }
}

/// These parameters, and one for a value.
fn with_value(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    generics.params.push(syn::parse_quote!(Value));
    generics
}

/// What is kept of what is returned, where its name says so: the compiler cannot find out what is neither said nor used.
fn kept(model: &Model<'_>) -> Option<TokenStream> {
    let ty = types::peel(&model.returned);
    let is_known = match ty {
        Type::Reference(_) | Type::Tuple(_) | Type::Array(_) => true,
        // Whatever else has a name may be another one for a `Result`.
        Type::Path(path) if path.qself.is_none() => {
            let last = &path.path.segments.last()?.ident;
            types::KNOWN.iter().any(|known| last == known)
                || module::declared(&path.path, model.item.sig.fn_token.span).is_some()
        }
        _ => types::is_plain_value(ty),
    };
    match types::argument_of(ty, "Result") {
        Some(ty) => Some(types::forever(ty)),
        None if types::is_plain_value(ty) || (is_known && !types::is_result(ty)) => Some(types::forever(ty)),
        None => None,
    }
}

/// What a call for one key of a batch yields.
fn loaded(returned: &Type) -> Option<TokenStream> {
    if let Some(ty) = types::argument_of(returned, "Result") {
        let (loaded, error) = (loaded(ty)?, types::result_error(returned)?);
        return Some(quote!(::core::result::Result<#loaded, #error>));
    }
    let lists = ["BTreeSet", "HashSet", "Vec", "VecDeque"];
    if let Some(ty) = lists.iter().find_map(|name| types::argument_of(returned, name)) {
        return Some(types::forever(ty));
    }
    if types::is_plain_value(returned) {
        return Some(types::forever(returned));
    }
    if let Some(inner) =
        ["Arc", "Box", "Option", "Rc"].iter().find_map(|name| types::argument_of(returned, name))
    {
        return loaded(inner);
    }
    let path = match types::peel(returned) {
        Type::Path(path) => path,
        Type::ImplTrait(own) => return own.bounds.iter().find_map(types::item_of).map(types::forever),
        _ => return None,
    };
    let of_map = ["HashMap", "BTreeMap"].iter().any(|name| types::argument_of(returned, name).is_some());
    let value = outside::arguments(&path.path).into_iter().nth(1).filter(|_| of_map)?;
    let value = types::forever(value);
    Some(quote!(::core::option::Option<#value>))
}

/// Whether a type of what can be no argument is needed for what is passed: a closure has types where it is said what it takes.
fn says_what_it_takes(ty: &Type, model: &Model<'_>) -> bool {
    let is_such = match types::peel(ty) {
        Type::ImplTrait(_) | Type::Ptr(_) => true,
        Type::Reference(own) => own.mutability.is_some() && own.lifetime.is_none(),
        _ => false,
    };
    is_such && !model.is_told && !Names::of([&model.item.sig.generics]).are_in(ty)
}

/// What the verbs take: the function's parameters, in a batch with one key in the place of the slice.
fn one_key(model: &Model<'_>) -> Vec<TokenStream> {
    let keys = model.options.batch.marker.as_ref().and_then(|_| keys(&model.params, &model.parts));
    let is_odd = model.options.batch.marker.is_some() && keys.is_none();
    let param = |(index, param): (usize, &Param)| {
        let name = &param.name;
        match keys {
            Some((slice, key)) if slice == index => quote!(#name: #key),
            _ if is_odd => quote!(#name: impl ::core::marker::Sized),
            _ => quote!(#param),
        }
    };
    model.params.iter().enumerate().map(param).collect()
}

/// A return type that only a real body can have.
fn returned_is_odd(ty: &Type) -> bool {
    matches!(types::peel(ty), Type::Never(_)) || types::mentions(quote!(#ty), "impl")
}
