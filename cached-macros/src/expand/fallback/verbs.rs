//! The verbs of a function with a mistake in it, for those who call them: with its types where these are right, and else with any.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Generics, ReturnType, Type};

use super::batch;
use crate::expand::ours;
use crate::generics::Names;
use crate::item::Item;
use crate::key::{Param, Part};
use crate::model::{Model, Place};
use crate::sources::declared::Declared;
use crate::sources::module;
use crate::{check, told, types, unknown};

/// What `Self` means in a block.
fn own_type<'a>(model: &'a Model<'_>, ty: &'a Type) -> &'a Type {
    model.own_block().filter(|_| types::is_self(ty)).map_or(ty, |block| &block.self_ty)
}

/// The type of a part of the key, where all is owned that an argument lends; none where that has no name.
fn owned(model: &Model<'_>, ty: &Type, is_open_here: &dyn Fn(TokenStream) -> bool) -> Option<TokenStream> {
    const AROUND: &[&str] = &["Option", "Vec"];
    let ty = own_type(model, ty);
    let around = AROUND
        .iter()
        .find_map(|name| Some((Ident::new(name, Span::call_site()), types::argument_of(ty, name)?)));
    match (types::peel(ty), around) {
        (Type::Reference(reference), _) => owned(model, &reference.elem, is_open_here),
        (Type::Slice(slice), _) => {
            let elem = owned(model, &slice.elem, is_open_here)?;
            Some(quote!(::std::vec::Vec<#elem>))
        }
        (Type::Tuple(tuple), _) => {
            let elems = tuple.elems.iter().map(|elem| owned(model, elem, is_open_here));
            let elems = elems.collect::<Option<Vec<_>>>()?;
            Some(quote!((#(#elems,)*)))
        }
        (_, Some((name, inner))) if types::borrows(inner) => {
            let inner = owned(model, inner, is_open_here)?;
            Some(quote!(#name<#inner>))
        }
        _ if types::argument_of(ty, "Cow").is_some_and(types::is_str) || types::is_str(ty) => {
            Some(quote!(::std::string::String))
        }
        _ => {
            let inner = types::argument_of(ty, "Cow").unwrap_or(ty);
            let is_open = check::is_lent(inner, model)
                || is_open_here(quote!(#inner))
                || types::mentions(quote!(#inner), "Self")
                || types::is_left_open(inner)
                || types::has_no_size_by_name(inner)
                || matches!(inner, Type::TraitObject(_))
                || returned_is_odd(inner);
            (!is_open).then(|| quote!(#inner))
        }
    }
}

/// The types of keys and of what is kept, as far as they are known; else those of nothing.
pub(super) struct Entry {
    pub(super) key: TokenStream,
    /// Whether that of the key is.
    pub(super) is_known: bool,
    /// What a closure is given of it: there its lifetimes may be left out.
    pub(super) shown: TokenStream,
    pub(super) kept: TokenStream,
    pub(super) is_kept_known: bool,
    /// The same of what is kept.
    pub(super) lent: TokenStream,
}

/// Those of a function that is memoized but for its mistake. Where they are written its parameters may be declared.
pub(super) fn entry(model: &Model<'_>, are_declared: bool) -> Entry {
    let is_seen = model.own_block().is_some() || !model.is_method();
    let params = is_seen.then(|| Names::of(model.all_generics()));
    let params = params.as_ref().unwrap_or(&model.names);
    let is_open_here = |tokens: TokenStream| !are_declared && params.are_in(&tokens);
    let as_written = |ty: &Type| {
        let ty = own_type(model, types::as_reference(ty).map_or(ty, |reference| &reference.elem));
        let is_sized = !types::has_no_size_by_name(ty) && !matches!(types::peel(ty), Type::TraitObject(_));
        let is_known =
            is_sized && !types::is_left_open(ty) && !returned_is_odd(ty) && !is_open_here(quote!(#ty));
        (is_known && !types::mentions(quote!(#ty), "Self")).then(|| quote!(#ty))
    };
    // With what is wrong in a head most of its types are right.
    let is_right = |ty: &Type| {
        let is_free = matches!(model.place, Place::Type(_));
        is_free && !told::is_of_type(ty, model) && !told::speaks_of_what_is_around(model)
    };
    let is_known = !model.is_told || model.params.iter().all(|param| is_right(&param.ty));
    let is_batch = model.options.batch.marker.is_some();
    let types = || {
        let parts = model.parts.iter().filter(|part| !is_left_out(model, part));
        parts.map(|part| match part {
            Part::Param(index) => Some(&model.params[*index].ty),
            Part::Expr(_) => None,
        })
    };
    let parts: Option<Vec<_>> = if is_batch {
        let is_open = |ty: &Type| model.is_told || check::is_lent(ty, model);
        batch::keys_meant(model).filter(|(_, ty)| !is_open(ty)).map(|(_, ty)| vec![quote!(#ty)])
    } else {
        types().map(|ty| owned(model, ty?, &is_open_here)).collect()
    };
    let shown: Option<Vec<_>> =
        types().map(|ty| owned(model, ty?, &is_open_here).or_else(|| as_written(ty?))).collect();
    let shown = parts.clone().or(shown.filter(|_| !model.is_told && !is_batch));
    let shown = shown.filter(|_| is_known).map(crate::expand::lookup::one_or_tuple);
    let key = parts.filter(|_| is_known).map(crate::expand::lookup::one_or_tuple);
    // A lifetime that is not written cannot be made another one.
    let is_hidden = !types::borrows(&model.returned) && check::is_lent(&model.returned, model);
    let is_returned = !is_hidden && (!model.is_told || is_whole(model));
    let is_named = |kept: &TokenStream| !types::mentions(kept.clone(), "Self") && !is_open_here(kept.clone());
    let lent = kept(model).filter(|kept| (is_returned || !model.is_told) && is_named(kept));
    let kept = lent.clone().filter(|_| is_returned);
    let nothing = || quote!(());
    Entry {
        is_known: key.is_some(),
        shown: shown.unwrap_or_else(nothing),
        key: key.unwrap_or_else(nothing),
        // That of a thread is wrapped, and nobody says how.
        is_kept_known: kept.is_some() && !model.is_of_thread(),
        kept: kept.unwrap_or_else(nothing),
        lent: lent.unwrap_or_else(nothing),
    }
}

/// Whether a part of the key is one only for the mistake: who mends that leaves it out.
fn is_left_out(model: &Model<'_>, part: &Part) -> bool {
    const OF_KEYS: &[&str] = &["Clone", "Copy", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];
    let Part::Param(index) = part else { return false };
    let param = &model.params[*index];
    // That of a method which was moved out of its block.
    if param.name == "self" && told::is_seen_free(model) {
        return true;
    }
    if model.options.meant_to_skip(&model.params).contains(index) {
        return true;
    }
    // What is lent and has nothing of a key is a pool or a client; of the rest a derive is forgotten.
    let lent = types::as_reference(&param.ty).map(|own| own_type(model, &own.elem));
    let Some(Type::Path(path)) = lent.map(types::peel) else { return false };
    let is_data = |own: &Declared| {
        let fields = own.fields();
        !fields.is_empty() && fields.iter().all(types::is_plain_key)
    };
    let has_nothing = |own: Declared| !OF_KEYS.iter().any(|name| own.head.derives(name)) && !is_data(&own);
    (!model.unfit.is_empty() || model.options.skips_what_is_not_there(&model.params))
        && module::declared(&path.path, model.item.sig.fn_token.span).is_some_and(has_nothing)
}

/// The parameters that are the same for all keys once the mistake is mended, which loads ahead of time are given.
pub(super) fn given(model: &Model<'_>) -> Vec<TokenStream> {
    let keys = batch::keys_meant(model).filter(|_| model.options.batch.marker.is_some());
    let is_of_each = |index: usize| match keys {
        Some((keys, _)) => keys == index,
        None => model.parts.iter().any(|part| match part {
            Part::Param(own) => *own == index && !is_left_out(model, part),
            Part::Expr(expr) => {
                let expr = expr.tokens();
                types::mentions(quote!(#expr), &model.params[index].name.to_string())
                    || unknown::means(quote!(#expr), index, model)
            }
        }),
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
    /// What they take, those that load, and the body.
    of_key: Vec<TokenStream>,
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
        let is_batch = model.options.batch.marker.is_some();
        let is_lent = is_batch && check::is_lent(&model.returned, model);
        let own: Vec<_> = model.params.iter().map(ToTokens::to_token_stream).collect();
        Self {
            generics: generics.clone(),
            of_key: if is_batch { batch::of_key(model) } else { own.clone() },
            params: if is_batch { batch::of_loads(model) } else { own.clone() },
            own,
            // One key lends nothing.
            returned: (!is_lent).then(|| if is_odd { ReturnType::Default } else { output.clone() }),
            body: forwarded(model),
            kept: kept(model).filter(|_| !is_lent),
        }
    }

    /// With the head something is wrong, of which the compiler speaks: they take anything, as often as there are parameters but for the first ones.
    pub(super) fn of_anything(model: &Model<'_>, skipped: usize) -> Self {
        let any = |(index, param): (usize, &Param)| {
            let (name, ty) = (ours(&format!("any_{index}")), &param.ty);
            if says_what_it_takes(ty, model) {
                quote!(#name: #ty)
            } else {
                quote!(#name: impl ::core::marker::Sized)
            }
        };
        let params: Vec<_> = model.params.iter().enumerate().skip(skipped).map(any).collect();
        let (is_known, is_batch) = (is_whole(model), model.options.batch.marker.is_some());
        Self {
            generics: Generics::default(),
            own: params.clone(),
            of_key: if is_batch { params.iter().take(1).cloned().collect() } else { params.clone() },
            params,
            returned: is_known.then(|| model.item.sig.output.clone()),
            body: None,
            kept: kept(model).filter(|_| is_known),
        }
    }

    pub(super) fn write(&self, model: &Model<'_>) -> TokenStream {
        let Self { generics, of_key, params, own, body, .. } = self;
        let body = body.clone().unwrap_or_else(|| quote!(::core::unreachable!()));
        let (krate, vis, asyncness) = (&model.krate, model.verb_vis(), &model.item.sig.asyncness);
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
            let (generics, loaded) = match batch::loaded(&model.returned).filter(|_| !is_lent) {
                Some(loaded) => (generics, loaded),
                None => (&of_value, quote!(Value)),
            };
            quote!(#vis #asyncness fn load #generics(#(#params),*) -> #loaded #bounds { ::core::unreachable!() })
        });
        quote! {
            #vis fn __memoized #generics (#(#of_key),*) -> #krate::__private::Unwritten #bounds { ::core::unreachable!() }
            #vis fn invalidate #generics (#(#of_key),*) -> ::core::primitive::bool #bounds { ::core::unreachable!() }
            #vis fn contains #generics (#(#of_key),*) -> ::core::primitive::bool #bounds { ::core::unreachable!() }
            #vis fn peek #of_kept(#(#of_key),*) -> ::core::option::Option<#kept> #bounds { ::core::unreachable!() }
            #vis fn insert #generics (#(#of_key,)* #value: #given) #bounds { ::core::unreachable!() }
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
    if model.options.batch.marker.is_some() {
        return crate::batch::kept(&model.returned).map(|ty| types::forever(&ty));
    }
    let ty = types::peel(&model.returned);
    // Where there is no `Self`, that of the verbs is another.
    let is_lost = || types::mentions(quote!(#ty), "Self") && told::is_seen_free(model);
    if is_hidden(ty) || is_lost() {
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

/// Whether a type of what can be no argument is needed for what is passed: a closure has types where it is said what it takes.
fn says_what_it_takes(ty: &Type, model: &Model<'_>) -> bool {
    let is_such = match types::peel(ty) {
        Type::ImplTrait(_) | Type::Ptr(_) => true,
        Type::Reference(own) => own.mutability.is_some() && own.lifetime.is_none(),
        _ => false,
    };
    is_such && !model.is_told && !Names::of([&model.item.sig.generics]).are_in(ty)
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
