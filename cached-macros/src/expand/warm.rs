//! Loading ahead of time: a function's owned arguments, and how they are lent to it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{function, judged, lookup, memo, needs, ours, outcome};
use crate::key::{Param, Part};
use crate::model::{Model, Place};
use crate::shape::Shape;
use crate::sources::{module, outside};
use crate::{hidden, types, unsized_types};

/// One key's arguments.
pub(super) struct Item {
    /// Their type where they are owned: one by itself, several as a tuple.
    pub(super) ty: TokenStream,
    /// A pattern for it, and statements that lend what is taken by reference.
    pub(super) pattern: TokenStream,
    pub(super) lend: TokenStream,
}

/// The parameters that the key is made of; `None` where what is left out cannot be given twice, and for the caches of threads.
pub(super) fn item(model: &Model<'_>) -> Option<Item> {
    // The caches of threads are not filled by others.
    if model.is_of_thread() || given(model).iter().any(|param| types::as_reference(&param.ty).is_none()) {
        return None;
    }
    let (mut types, mut names, mut lend) = (Vec::new(), Vec::new(), TokenStream::new());
    let shapes = lookup::shapes(model);
    for (index, param) in model.params.iter().enumerate().filter(|(index, _)| is_item(model, *index)) {
        let part = model.parts.iter().position(|part| matches!(part, Part::Param(own) if *own == index));
        let (krate, name) = (&model.krate, &param.name);
        // What lives for ever cannot be lent.
        let is_short = |reference: &&syn::TypeReference| {
            reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static")
                && model.is_lent_for_a_call(reference)
        };
        let shape = part.and_then(|part| model.shapes[part].as_ref());
        types.push(match (shape, types::as_reference(&param.ty).filter(is_short)) {
            (Some(Shape::Ref(inner)), Some(reference)) if matches!(**inner, Shape::Leaf(_)) => {
                let (elem, lifeless) = (&reference.elem, model.forever(&reference.elem));
                if types::is_str(elem) {
                    lend.extend(quote!(let #name = &*#name;));
                    quote!(::std::string::String)
                } else {
                    let written = &shapes[part?];
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
            (None, Some(reference)) => lent_to_expressions(model, param, reference, &mut lend)?,
            _ => model.forever(&param.ty),
        });
        names.push(quote!(#name));
    }
    Some(Item { ty: lookup::one_or_tuple(types), pattern: lookup::one_or_tuple(names), lend })
}

/// What a parameter that only expressions speak of is owned by, which need not be fit for a key itself; and the statement that lends it.
fn lent_to_expressions(
    model: &Model<'_>,
    param: &Param,
    reference: &syn::TypeReference,
    lend: &mut TokenStream,
) -> Option<TokenStream> {
    let (krate, name, elem) = (&model.krate, &param.name, &hidden::renamed(model, &reference.elem));
    let is_open = types::has_no_size_by_name(elem) && model.names.are_in(elem);
    if is_open && !bounds_say_clone(model) {
        return None;
    }
    if types::borrows(elem) || matches!(types::peel(elem), syn::Type::TraitObject(_)) {
        return None;
    }
    if types::is_str(elem) {
        lend.extend(quote!(let #name = &*#name;));
        return Some(quote!(::std::string::String));
    }
    if !model.names.are_in(elem) && is_unseen(&reference.elem, model.item.sig.fn_token.span) {
        let shape =
            quote!(#krate::__private::RefTo<#krate::__private::Mode<{ #krate::__ref_key_mode!(#elem) }>>);
        let lent = quote!(<#elem as #krate::__private::Lent<#shape>>);
        lend.extend(quote!(let #name: &#elem = #lent::lend(&#name);));
        return Some(quote!(#lent::Owned));
    }
    lend.extend(quote!(let #name: &#elem = ::core::borrow::Borrow::borrow(&#name);));
    Some(match types::peel(elem) {
        // A list need not be cloned to be one.
        syn::Type::Slice(slice) => {
            let elem = &slice.elem;
            quote!(::std::vec::Vec<#elem>)
        }
        _ if types::has_no_size_by_name(elem) => quote!(<#elem as ::std::borrow::ToOwned>::Owned),
        own if may_have_no_size(model, own) => return None,
        _ => quote!(#elem),
    })
}

/// A word for each parameter of a plain function with all arguments in its key that says how it is lent, where that is seen: then
/// the library does it. A type that holds a borrow may be of one that lives no longer than its loan.
pub(super) fn words(model: &Model<'_>) -> Option<TokenStream> {
    if model.is_of_thread() || model.params.is_empty() {
        return None;
    }
    let krate = &model.krate;
    let words = model.params.iter().map(|param| word(model, param)).collect::<Option<Vec<_>>>()?;
    Some(quote!(#krate::__private::Lending<(#(#words,)*)>))
}

/// The word for one parameter.
fn word(model: &Model<'_>, param: &Param) -> Option<TokenStream> {
    let krate = &model.krate;
    let is_short = |reference: &&syn::TypeReference| {
        reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static")
    };
    let Some(reference) = types::as_reference(&param.ty).filter(is_short) else {
        return (!types::borrows(&param.ty)).then(|| quote!(#krate::__private::Given));
    };
    // What is a part of the key as it is may be owned by what its shape says.
    let is_spoken_of = || !lookup::is_in_key(model, param);
    match types::peel(&reference.elem) {
        elem if types::is_str(elem) => Some(quote!(#krate::__private::Text)),
        syn::Type::Slice(slice) if is_spoken_of() && !types::borrows(&slice.elem) => {
            Some(quote!(#krate::__private::List))
        }
        elem @ syn::Type::Path(_)
            if is_spoken_of() && !types::borrows(elem) && !types::has_no_size_by_name(elem) =>
        {
            Some(quote!(#krate::__private::Whole))
        }
        _ => None,
    }
}

/// All loads of a method for one object, where that is a part of each key as all its arguments are, and it is seen that they are fit for
/// it: then the library does it, and other threads may have the object.
fn of_object(model: &Model<'_>, keys: &Ident, how: &Ident) -> Option<TokenStream> {
    let (object, args) = model.params.split_first()?;
    let is_shared = model.item.receiver()?.reference.is_some() && model.item.receiver()?.mutability.is_none();
    let is_seen = matches!(model.place, Place::Beside | Place::Apart)
        && is_shared
        && !args.is_empty()
        && args.len() < 16
        && model.item.sig.generics.params.is_empty()
        && model.names.is_empty()
        && model.written.is_none()
        && model.options.inside.is_none()
        && !lookup::has_expression(model)
        && !model.is_async()
        && model.parts.len() == model.params.len()
        && model.leaves().all(|(_, leaf)| model.is_plain_leaf(leaf))
        && outcome::is_plain(model);
    if !is_seen || object.name != "self" {
        return None;
    }
    let words = args.iter().map(|param| word(model, param)).collect::<Option<Vec<_>>>()?;
    let (face, body) = (memo::face(model), model.body());
    if let ([_], true) = (args, types::as_reference(&args[0].ty).is_none()) {
        return Some(quote!(#face.warm_each(self, #keys, #how, #body)));
    }
    let types = args.iter().map(|param| &param.ty);
    Some(quote!(#face.warm_lent::<(#(#words,)*), (#(#types,)*), _, _>(self, #keys, #how, #body)))
}

/// Whether nobody sees what a type is: it may have no size, and be owned by another one.
fn is_unseen(ty: &syn::Type, function: Span) -> bool {
    let syn::Type::Path(own) = types::peel(ty) else { return false };
    own.qself.is_none()
        && !unsized_types::has_no_size(ty, function)
        && !outside::is_foreign(ty, function)
        && module::declared(&own.path, function).is_none()
}

/// Whether a type is a parameter that need not have a size.
fn may_have_no_size(model: &Model<'_>, ty: &syn::Type) -> bool {
    let says = |generics: &syn::Generics| {
        let (params, clause) = (&generics.params, &generics.where_clause);
        types::mentions(quote!(#params #clause), "Sized")
    };
    model.names.are_in(ty) && model.all_generics().any(says)
}

/// Whether a parameter can be cloned, as far as that is written.
fn bounds_say_clone(model: &Model<'_>) -> bool {
    let says = |generics: &&syn::Generics| {
        let (params, clause) = (&generics.params, &generics.where_clause);
        types::any_ident(quote!(#params #clause), &mut |name| name == "Clone" || name == "Copy")
    };
    model.all_generics().any(|generics| says(&generics))
}

/// Whether a parameter is one that each key has its own of: a part of the key, or spoken of by one. A method is asked of one object.
fn is_item(model: &Model<'_>, index: usize) -> bool {
    let name = model.params[index].name.to_string();
    name != "self"
        && model.parts.iter().any(|part| match part {
            Part::Param(own) => *own == index,
            Part::Expr(expr) => types::any_name(expr.tokens(), &mut |ident| *ident == name),
        })
}

/// The parameters that are the same for all keys.
fn given<'a>(model: &'a Model<'_>) -> Vec<&'a Param> {
    model
        .params
        .iter()
        .enumerate()
        .filter(|(index, _)| !is_item(model, *index))
        .map(|(_, param)| param)
        .collect()
}

/// Whether each key has all arguments of its own.
pub(super) fn takes_all(model: &Model<'_>) -> bool {
    given(model).is_empty()
}

/// The verbs of a function that is not plain, or of a method: its own `warm`, and `warm_with`.
pub(super) fn verbs(model: &Model<'_>, attrs: &TokenStream, vis: &syn::Visibility) -> TokenStream {
    let (Some(item), false) = (item(model), model.options.batch.marker.is_some()) else {
        return none(model, vis);
    };
    let krate = &model.krate;
    let Item { ty, pattern, lend } = item;
    let (keys, how, name) = (ours("keys"), ours("how"), ours("item"));
    if let Some(all) = of_object(model, &keys, &how) {
        return Verbs { model, ty, all, attrs, vis }.write();
    }
    let given: Vec<_> = given(model).into_iter().map(|param| &param.name).collect();
    let wait = (model.is_async() && model.item.sig.asyncness.is_none()).then(|| quote!(.await));
    // What lends nothing need not be there while it waits.
    let future = if lend.is_empty() { function::future(model, "warm") } else { None };
    let is_future = future.is_some();
    let load = future.unwrap_or_else(|| function::run(model, "warm"));
    let mut one = quote!({ let #pattern = #name; #lend #load #wait });
    // Other threads are lent what is given.
    let names = given.iter().map(|name| if *name == "self" { ours("this") } else { (*name).clone() });
    let (names, mut method): (Vec<_>, _) = (names.collect(), TokenStream::new());
    // What speaks of `self` is a method, and a mistake in a key is one wherever that is worked out.
    let is_apart =
        if model.is_async() { lookup::has_expression(model) } else { model.item.receiver().is_some() };
    if is_apart {
        let (path, turbofish) = (model.path("__warm_one"), model.turbofish(&TokenStream::new()));
        method = load_one(model, &ty, &one);
        one = if model.is_async() {
            quote!(#path #turbofish(#(#given,)* #name))
        } else {
            quote!(#path #turbofish(#(#names,)* #name))
        };
    } else if model.is_async() && !is_future {
        one = quote!(async move #one);
    }
    let all = if model.is_async() {
        quote!(#krate::__private::warm_async(#keys, #how, move |#name: #ty| #one))
    } else {
        quote!(#krate::__warm!(#keys, (#(#given,)*), #how, |(#(#names,)*), #name: #ty| #one))
    };
    let verbs = Verbs { model, ty, all, attrs, vis }.write();
    quote!(#verbs #method)
}

/// What says why there is no `warm`, where what is left out of the key cannot be given to each load.
fn none(model: &Model<'_>, vis: &syn::Visibility) -> TokenStream {
    let is_owned = given(model).iter().any(|param| types::as_reference(&param.ty).is_none());
    if !is_owned || model.is_of_thread() || !matches!(model.place, Place::Type(_)) {
        return TokenStream::new();
    }
    let why = {
        let krate = &model.krate;
        quote!(#krate::no_such_verb::no_warm_as_what_is_skipped_is_no_reference)
    };
    quote!(#vis const warm: #why = #why;)
}

/// A function that loads one key.
fn load_one(model: &Model<'_>, ty: &TokenStream, load: &TokenStream) -> TokenStream {
    let (krate, one, name) = (&model.krate, model.beside("__warm_one"), ours("item"));
    let (generics, bounds) = needs::declared(model, &TokenStream::new());
    let declared = function::declared(model).into_iter().enumerate();
    let given = declared.filter(|(index, _)| !is_item(model, *index)).map(|(_, arg)| arg);
    let asyncness = model.is_async().then(|| quote!(async));
    quote! {
        #[doc(hidden)]
        #[inline]
        #[allow(non_snake_case, dead_code, unused_lifetimes, deprecated)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        #asyncness fn #one #generics(#(#given,)* #name: #ty) -> #krate::__private::WarmedKey #bounds #load
    }
}

/// What is written down of both verbs.
pub(super) struct Verbs<'a> {
    pub(super) model: &'a Model<'a>,
    /// The type of an item.
    pub(super) ty: TokenStream,
    /// What loads all.
    pub(super) all: TokenStream,
    pub(super) attrs: &'a TokenStream,
    pub(super) vis: &'a syn::Visibility,
}

impl Verbs<'_> {
    pub(super) fn write(self) -> TokenStream {
        let Self { model, ty, all, attrs, vis } = self;
        let (krate, keys, how) = (&model.krate, ours("keys"), ours("how"));
        let (generics, bounds) = needs::declared(model, &TokenStream::new());
        let (warm, warm_with) = (model.beside("warm"), model.beside("warm_with"));
        let is_batch = model.options.batch.marker.is_some();
        let is_given = |index: usize| {
            if is_batch {
                !matches!(model.parts[..], [Part::Param(keys)] if keys == index)
            } else {
                !is_item(model, index)
            }
        };
        let declared = function::declared(model.offered()).into_iter().enumerate();
        let left_out: Vec<_> = declared.filter(|(index, _)| is_given(*index)).map(|(_, arg)| arg).collect();
        let given: Vec<_> = (model.params.iter().enumerate())
            .filter(|(index, _)| is_given(*index))
            .map(|(_, param)| {
                let name = &param.name;
                judged::given(model, param, quote!(#name))
            })
            .collect();
        let (path, turbofish) = (model.path("warm_with"), model.turbofish(&TokenStream::new()));
        let numbers = Numbers::of(model);
        let Numbers { asyncness, loaded, warmed } = &numbers;
        let with_default = quote!(#path #turbofish(#(#given,)* #keys, #krate::Warm::new()));
        let all_by_default = numbers.loaded(model, &with_default, &keys, &ty);
        // Of a bound the compiler says in other words what a type lacks: there it has its other name.
        let spared = model.written.is_some().then(|| quote!(#[allow(private_bounds)]));
        let named = judged::named_of(model, &is_given);
        quote! {
            #attrs
            #spared
            #vis #asyncness fn #warm #generics(
                #(#left_out,)*
                #keys: impl ::core::iter::IntoIterator<Item = #ty>,
            ) -> #loaded #bounds {
                #all_by_default
            }
            #attrs
            #spared
            #vis #asyncness fn #warm_with #generics(
                #(#left_out,)*
                #keys: impl ::core::iter::IntoIterator<Item = #ty>,
                #how: #krate::Warm<'_>,
            ) -> #warmed #bounds {
                #named
                #all
            }
        }
    }
}

/// What the verbs answer.
struct Numbers {
    asyncness: Option<TokenStream>,
    loaded: TokenStream,
    warmed: TokenStream,
}

impl Numbers {
    fn of(model: &Model<'_>) -> Self {
        let krate = &model.krate;
        let (loaded, warmed) = (quote!(::core::primitive::usize), quote!(#krate::Warmed));
        if !is_future(model) {
            return Self { asyncness: model.is_async().then(|| quote!(async)), loaded, warmed };
        }
        // What is an `async fn` the compiler looks at as long as at all else of the function together.
        let future = quote!(impl ::core::future::Future);
        Self {
            asyncness: None,
            loaded: quote!(#future<Output = #loaded>),
            warmed: quote!(#future<Output = #warmed>),
        }
    }

    /// How many keys were loaded of those that `all` loads.
    fn loaded(&self, model: &Model<'_>, all: &TokenStream, keys: &Ident, ty: &TokenStream) -> TokenStream {
        if is_future(model) {
            let krate = &model.krate;
            return quote!(#krate::__private::loaded(#all));
        }
        let wait = self.asyncness.as_ref().map(|_| quote!(.await));
        if model.options.batch.marker.is_none() {
            return quote!(#all.loaded);
        }
        quote! {
            let #keys: ::std::vec::Vec<#ty> = ::core::iter::Iterator::collect(::core::iter::IntoIterator::into_iter(#keys));
            #all #wait.loaded
        }
    }
}

/// Whether the library's own future does it all.
fn is_future(model: &Model<'_>) -> bool {
    model.is_async() && model.options.batch.marker.is_none()
}
