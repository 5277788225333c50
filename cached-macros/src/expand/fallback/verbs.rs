//! The verbs of a function with a mistake in it, for those who call them: with its types where these are right, and else with any.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Generics, ReturnType, Type};

use crate::batch::keys;
use crate::expand::ours;
use crate::generics::Names;
use crate::item::Item;
use crate::key::{Param, Part};
use crate::model::{Model, Place};
use crate::sources::declared::Declared;
use crate::sources::module;
use crate::{check, told, types};

/// What `Self` means in a block.
fn own_type<'a>(model: &'a Model<'_>, ty: &'a Type) -> &'a Type {
    model.own_block().filter(|_| types::is_self(ty)).map_or(ty, |block| &block.self_ty)
}

/// The types of keys and of what is kept, as far as they are known; else those of nothing.
pub(super) fn entry(model: &Model<'_>) -> (TokenStream, TokenStream) {
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
    let parts = model.parts.iter().filter(|part| !is_left_out(model, part)).map(|part| match part {
        Part::Param(index) => owned(&model.params[*index]),
        Part::Expr(_) => None,
    });
    let parts: Option<Vec<_>> = parts.collect();
    let key = parts.filter(|_| is_known).map_or_else(|| quote!(()), crate::expand::lookup::one_or_tuple);
    // A lifetime that is not written cannot be made another one.
    let is_hidden = !types::borrows(&model.returned) && check::is_lent(&model.returned, model);
    let is_returned = !is_hidden && (!model.is_told || is_whole(model));
    let is_named = |kept: &TokenStream| !types::mentions(kept.clone(), "Self") && !params.are_in(kept);
    let kept = kept(model).filter(|kept| is_returned && is_named(kept));
    (key, kept.unwrap_or_else(|| quote!(())))
}

/// Whether a part of the key is one only for the mistake: who mends that leaves it out.
fn is_left_out(model: &Model<'_>, part: &Part) -> bool {
    const OF_KEYS: &[&str] = &["Clone", "Copy", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];
    let Part::Param(index) = part else { return false };
    let param = &model.params[*index];
    if model.options.meant_to_skip(&model.params).contains(index) {
        return true;
    }
    // What is lent and has nothing of a key is a pool or a client; of the rest a derive is forgotten.
    let lent = types::as_reference(&param.ty).map(|own| own_type(model, &own.elem));
    let Some(Type::Path(path)) = lent.map(types::peel) else { return false };
    let has_nothing = |own: Declared| !OF_KEYS.iter().any(|name| own.head.derives(name));
    !model.unfit.is_empty()
        && module::declared(&path.path, model.item.sig.fn_token.span).is_some_and(has_nothing)
}

/// The parameters that are the same for all keys once the mistake is mended, which loads ahead of time are given.
pub(super) fn given(model: &Model<'_>) -> Vec<TokenStream> {
    let is_of_each = |index: usize| {
        model.parts.iter().any(|part| match part {
            Part::Param(own) => *own == index && !is_left_out(model, part),
            Part::Expr(expr) => {
                let expr = &expr.0;
                types::mentions(quote!(#expr), &model.params[index].name.to_string())
            }
        })
    };
    let given = model.params.iter().enumerate();
    let given = given.filter(|(index, param)| param.name != "self" && !is_of_each(*index));
    given
        .map(|(index, _)| ours(&format!("given_{index}")))
        .map(|name| quote!(#name: impl ::core::marker::Sized))
        .collect()
}

/// Whether nothing is wrong with the type that is returned.
fn is_whole(model: &Model<'_>) -> bool {
    !returned_is_odd(&model.returned)
        && !check::is_lent(&model.returned, model)
        && !told::is_of_type(&model.returned, model)
        && !told::speaks_of_what_is_around(model)
        && !model.names.are_in(&model.returned)
}

/// The verbs with arguments.
pub(super) struct Verbs {
    generics: Generics,
    /// What they take, and what the body takes.
    params: Vec<TokenStream>,
    pub(super) own: Vec<TokenStream>,
    /// What the body returns, unless that is not known.
    pub(super) returned: Option<ReturnType>,
    /// What returns it, where only a body can say what it is.
    body: Option<TokenStream>,
    /// What is kept of it.
    kept: Option<TokenStream>,
}

impl Verbs {
    /// They take what the function takes.
    pub(super) fn of(model: &Model<'_>, generics: &Generics) -> Self {
        let output = &model.item.sig.output;
        let is_odd =
            matches!(output, ReturnType::Type(_, ty) if returned_is_odd(ty)) && forwarded(model).is_none();
        let is_lent = model.options.batch.marker.is_some() && check::is_lent(&model.returned, model);
        Self {
            generics: generics.clone(),
            params: one_key(model),
            own: model.params.iter().map(ToTokens::to_token_stream).collect(),
            // One key lends nothing.
            returned: (!is_lent).then(|| if is_odd { ReturnType::Default } else { output.clone() }),
            body: forwarded(model),
            kept: kept(model).filter(|_| !is_lent),
        }
    }

    /// With the head something is wrong, of which the compiler speaks: they take anything.
    pub(super) fn of_anything(model: &Model<'_>) -> Self {
        let any = |(index, param): (usize, &Param)| {
            let (name, ty) = (ours(&format!("any_{index}")), &param.ty);
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
            body: None,
            kept: kept(model).filter(|_| is_known),
        }
    }

    pub(super) fn write(&self, model: &Model<'_>) -> TokenStream {
        let Self { generics, params, own, body, .. } = self;
        let body = body.clone().unwrap_or_else(|| quote!(::core::unreachable!()));
        let (krate, vis, asyncness) = (&model.krate, &model.item.vis, &model.item.sig.asyncness);
        let (bounds, value) = (&generics.where_clause, ours("value"));
        let of_value = with_value(generics);
        let (of_returned, returned) = match &self.returned {
            Some(returned) => (generics, quote!(#returned)),
            None => (&of_value, quote!(-> Value)),
        };
        let (of_kept, kept) = match &self.kept {
            Some(kept) => (generics, quote!(#kept)),
            None => (&of_value, quote!(Value)),
        };
        let given =
            self.kept.as_ref().map_or_else(|| quote!(impl ::core::marker::Sized), |kept| quote!(#kept));
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
            #vis fn insert #generics (#(#params,)* #value: #given) #bounds { ::core::unreachable!() }
            #vis #asyncness fn refresh #of_returned (#(#params),*) #returned #bounds { #body }
            #vis #asyncness fn force #of_returned (#(#params),*) #returned #bounds { #body }
            #vis #asyncness fn uncached #of_returned (#(#own),*) #returned #bounds { #body }
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
    if is_hidden(ty) {
        return None;
    }
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
    let value = types::arguments(&path.path).into_iter().nth(1).filter(|_| of_map)?;
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

/// A call of the function itself, which returns what nothing else can.
pub(super) fn forwarded(model: &Model<'_>) -> Option<TokenStream> {
    let Item { sig, .. } = model.item;
    if !is_hidden(&model.returned)
        || model.is_told
        || model.options.batch.marker.is_some()
        || sig.unsafety.is_some()
    {
        return None;
    }
    let own = model.is_method().then(|| quote!(Self::));
    let receiver = model.item.receiver().map(|receiver| receiver.self_token.to_token_stream());
    let given = model.params.iter().skip(receiver.iter().len()).map(|param| param.name.to_token_stream());
    let (name, given, wait) =
        (&sig.ident, receiver.into_iter().chain(given), sig.asyncness.map(|_| quote!(.await)));
    Some(quote!(#own #name(#(#given),*) #wait))
}

/// A return type that only a real body can have.
pub(super) fn returned_is_odd(ty: &Type) -> bool {
    matches!(types::peel(ty), Type::Never(_)) || is_hidden(ty)
}

/// One that has no name.
fn is_hidden(ty: &Type) -> bool {
    types::mentions(ty.to_token_stream(), "impl")
}
