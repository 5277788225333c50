//! What cannot be memoized, in our words: every reason at once, at the token that is in the way.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{FnArg, GenericParam, ReturnType, Type};

use crate::aliases;
use crate::alone;
use crate::batch;
use crate::block::is_mark;
use crate::closures;
use crate::diag::Diag;
use crate::formatted;
use crate::generics::Bounds;
use crate::instance;
use crate::item::Item;
use crate::key::{Param, Part};
use crate::lacks;
use crate::late;
use crate::laziness;
use crate::model::{Model, Place};
use crate::scope;
use crate::selves;
use crate::shape::Shape;
use crate::sources::{module, outside};
use crate::told;
use crate::types::{self, Held};
use crate::{unknown, used_up};

/// Everything about the function's head.
pub(crate) fn item(model: &Model<'_>, diag: &mut Diag) {
    let item = model.item;
    qualifiers(item, diag);
    item.sig.inputs.iter().for_each(|input| parameter(model, input, diag));
    let attrs = item.sig.inputs.iter().flat_map(|input| match input {
        FnArg::Receiver(receiver) => &receiver.attrs,
        FnArg::Typed(input) => &input.attrs,
    });
    // Where there are several, the way out of one is that of all.
    if let Some(attr) = attrs.into_iter().find(|attr| attr.path().is_ident("cfg")) {
        diag.at(
            attr,
            "a parameter that is there only sometimes cannot be memoized: put `#[cfg]` on two functions",
        );
    }
    match &item.sig.output {
        ReturnType::Type(_, ty) if !(model.is_method() && item.is_boxed_future()) => {
            returned(model, ty, diag);
        }
        _ => {}
    }
    for attr in item.attrs.iter().filter(|attr| is_mark(attr)) {
        diag.at(attr, "`#[memoize]` is given twice: put all options into one");
    }
    let name = item.sig.ident.to_string();
    match &model.place {
        Place::Type(own) if types::PRIMITIVES.contains(&own.to_string().as_str()) && *own != name => {
            diag.at(own, format!("a companion cannot be called `{own}`: it would hide the type"));
        }
        Place::Type(own) if *own == name && types::PRIMITIVES.contains(&name.as_str()) => diag.at(
            own,
            format!(
                "a memoized function cannot be called `{name}`: its companion would hide the type; \
                 give that another name with `companion = ..`"
            ),
        ),
        Place::Type(own) if model.krate.segments.first().is_some_and(|first| first.ident == *own) => diag.at(
            own,
            format!(
                "a memoized function cannot be called `{own}`: its companion would hide the crate; give that another \
                 name with `companion = ..`"
            ),
        ),
        Place::Type(own) if model.names.declares(own) => {
            let mut params = item.sig.generics.type_params().map(|param| &param.ident);
            let param = params.find(|param| *param == own).unwrap_or(own);
            diag.at(
                param,
                format!(
                    "a parameter cannot be called `{own}` as the function's companion is: call it otherwise, or give that \
                     another name with `companion = ..`"
                ),
            );
        }
        Place::Type(_) if model.around.is_none() && told::is_about_self(item, false) && !alone::is_free(item) => {
            diag.at(&item.sig.ident, alone::MARK_THE_BLOCK);
        }
        _ => {}
    }
}

fn qualifiers(item: &Item, diag: &mut Diag) {
    let sig = &item.sig;
    if let Some(token) = &sig.constness {
        diag.at(token, "a `const fn` cannot be memoized: a cache is made at run time; drop `const`");
    }
    // Of a variadic one that is said already.
    if let (Some(token), None) = (&sig.unsafety, &sig.variadic) {
        diag.at(
            token,
            "an `unsafe fn` cannot be memoized: a hit would skip the code its caller vouches for; \
             memoize a safe function around it",
        );
    }
    if let Some(variadic) = &sig.variadic {
        diag.at(variadic, "a variadic function cannot be memoized: nobody can tell its arguments apart");
    }
}

fn parameter(model: &Model<'_>, input: &FnArg, diag: &mut Diag) {
    let input = match input {
        FnArg::Receiver(receiver) => {
            if types::lends_to_change(&receiver.ty) {
                diag.at(
                    receiver,
                    "a method that takes `&mut self` cannot be memoized: a hit would skip what the body does to it; \
                     take `&self`",
                );
            }
            return;
        }
        FnArg::Typed(input) => input,
    };
    match types::peel(&input.ty) {
        ty if types::lends_to_change(ty) => diag.at(
            ty,
            "a `&mut` parameter cannot be memoized: a hit would skip what the body does to it; return the result, or \
             take what only serves the body, like a connection, behind `&` and leave it out with `skip(..)`",
        ),
        Type::Ptr(ty) => diag.at(
            ty,
            "a raw pointer cannot be memoized: equal addresses do not mean equal values; take a reference",
        ),
        ty @ Type::ImplTrait(_) if model.options.batch.marker.is_some() => {
            diag.at(ty, "a batch takes its keys as a slice: `keys: &[K]`");
        }
        ty if types::mentions(quote::quote!(#ty), "impl") => diag.at(
            ty,
            "an `impl Trait` parameter cannot be memoized: it makes one function of many types; \
             name the type, as a type parameter if need be",
        ),
        _ => {}
    }
}

pub(crate) const BORROWED: &str = "a borrowed value cannot be kept in a cache: it would outlive what it borrows from; \
                                   return an owned value, or an `Arc` of it";

fn returned(model: &Model<'_>, ty: &Type, diag: &mut Diag) {
    // Of a lifetime that nobody declares, or that comes from nowhere, the compiler says enough.
    let is_told = !model.undeclared.is_empty()
        || told::lends_from_nowhere(model.item)
        || module::holds_a_lifetime_too_many(ty, model.item.sig.fn_token.span);
    let used_up = used_up::way_out(ty, model.is_method(), model.item.sig.fn_token.span);
    if let Some(message) = used_up.filter(|_| model.options.batch.marker.is_none()) {
        return diag.at(ty, message);
    }
    match types::peel(ty) {
        Type::Never(never) => {
            diag.at(never, "a function that never returns cannot be memoized: there is nothing to keep");
        }
        ty if types::mentions(quote::quote!(#ty), "impl") => diag.at(
            ty,
            "a function that returns `impl Trait` cannot be memoized: the cache must name the type; name it, or return an \
             `Arc<dyn Trait + Send + Sync>`",
        ),
        _ if is_told => {}
        ty if is_lent(ty, model)
            || model.block.is_some_and(|block| block.lends(ty))
            || (model.is_of_borrow() && types::mentions(quote::quote!(#ty), "Self")) =>
        diag.at(ty, BORROWED),
        _ => {}
    }
}

/// Whether a type borrows, if perhaps nobody has written that.
pub(crate) fn is_lent(ty: &Type, model: &Model<'_>) -> bool {
    let function = model.item.sig.fn_token.span;
    types::borrows(ty) || module::hidden_borrow(ty, function).is_some() || is_borrowed_text(ty, function)
}

/// Whether this is a `Cow` whose lifetime is left out, or holds one.
pub(crate) fn is_borrowed_text(ty: &Type, function: Span) -> bool {
    let path = match types::peel(ty) {
        Type::Path(path) => &path.path,
        Type::Tuple(tuple) => return tuple.elems.iter().any(|elem| is_borrowed_text(elem, function)),
        _ => return false,
    };
    let is_it = || outside::full_name(path, function).is_some_and(|full| full == "borrow::Cow");
    (types::argument_of(ty, "Cow").is_some() && is_it())
        || types::arguments(path).into_iter().any(|ty| is_borrowed_text(ty, function))
}

/// What an expression for the key speaks of is given to the companion as well, where a lifetime cannot be left out.
fn hidden_in_expressions(model: &Model<'_>, diag: &mut Diag) {
    let speaks = |part: &Part, name: &syn::Ident| match part {
        Part::Param(_) => false,
        Part::Expr(expr) => types::any_name(expr.tokens(), &mut |ident| ident == name),
    };
    if model.is_of_thread() || model.options.key.is_none() || told::is_told_of_hidden(model.item) {
        return;
    }
    for param in &model.params {
        let Some(hidden) = module::hidden_borrow(&param.ty, model.item.sig.fn_token.span) else { continue };
        if model.parts.iter().any(|part| speaks(part, &param.name)) {
            diag.at(
                hidden,
                "this type has a lifetime that is left out: write it, as `'_`, as the first of its arguments",
            );
        }
    }
}

/// The shapes of the key's parts. A parameter in the key may be a reference, or hold one where it can be looked into.
pub(crate) fn shapes(model: &Model<'_>, diag: &mut Diag) -> Vec<Option<Shape>> {
    hidden_in_expressions(model, diag);
    let shapes = model.parts.iter().map(|part| match part {
        Part::Param(index) => Some(parameter_shape(model, &model.params[*index], diag)),
        Part::Expr(expr) => {
            expr.ty.as_ref().map(|ty| Shape::of(ty).unwrap_or_else(|_| Shape::Tuple(Vec::new())))
        }
    });
    shapes.collect()
}

fn parameter_shape(model: &Model<'_>, param: &Param, diag: &mut Diag) -> Shape {
    // What has been refused already, or will be: a batch says itself what its keys may be.
    let ty = &param.ty;
    let is_refused = model.options.batch.marker.is_some()
        || matches!(types::peel(&param.ty), Type::Ptr(_))
        || types::mentions(quote::quote!(#ty), "impl")
        || !model.undeclared.is_empty()
        || module::holds_a_lifetime_too_many(&param.ty, model.item.sig.fn_token.span)
        || types::lends_to_change(&param.ty);
    if model.is_of_borrow() && types::mentions(quote::quote!(#ty), "Self") {
        diag.at(
            &param.name,
            format!(
                "`{0}` holds a borrow inside, as the type of this block does, which cannot be stored in a key: say what \
                 stands for it with `key = ..`, or leave it out with `skip({0})`",
                param.called()
            ),
        );
    }
    let hidden = module::hidden_borrow(&param.ty, model.item.sig.fn_token.span);
    let meant = aliases::meant(&param.ty, model.item.sig.fn_token.span);
    match hidden.map_or_else(|| Shape::of(&meant), |hidden| Err(Box::new(hidden.clone()))) {
        Ok(shape) => shape,
        Err(_) if is_refused || (hidden.is_some() && told::is_told_of_hidden(model.item)) => {
            Shape::Tuple(Vec::new())
        }
        Err(hidden) => {
            let name = param.called();
            diag.at(
                hidden,
                format!(
                    "`{name}` holds a borrow inside, which cannot be stored in a key: say what stands for it with \
                     `key = ..`, or leave it out with `skip({name})`"
                ),
            );
            Shape::Tuple(Vec::new())
        }
    }
}

/// What the type parameters need, as far as their bounds can be read. The compiler would say so too, in many places.
pub(crate) fn bounds(model: &Model<'_>, diag: &mut Diag) {
    let of_block = model.block.map(|block| &block.generics);
    // Of an argument that is refused whatever it is nothing else is asked.
    let is_refused = |param: &syn::TypeParam| {
        model.params.iter().any(|own| {
            let ty = types::peel(&own.ty);
            (types::lends_to_change(ty) || matches!(ty, Type::Ptr(_)))
                && types::mentions(quote::quote!(#ty), &param.ident.to_string())
        })
    };
    for generics in [&model.item.sig.generics].into_iter().chain(of_block) {
        for param in generics.type_params().filter(|param| !is_refused(param)) {
            bounds_of(model, param, generics, &param.ident, diag);
        }
    }
    // Of a block that is seen around a method alone, whose parameters have no place here. With a memo of its own beside it, see
    // `alone`.
    let around = model.around.as_ref().and_then(alone::Around::as_block);
    let is_inside = model.options.inside.is_some();
    let Some(block) = around.filter(|_| is_inside || model.place == Place::Nowhere) else { return };
    for param in block.generics.type_params() {
        let is_held = |ty: &Type| types::held(ty, &param.ident).is_some();
        if model.leaves().any(|(_, leaf)| is_held(&leaf.ty)) || (is_inside && is_held(&model.returned)) {
            bounds_of(model, param, &block.generics, &model.item.sig.ident, diag);
        }
    }
}

/// Whether nothing around a function speaks of a parameter of its block, as the compiler says: the type may have lost its `<T>`.
fn is_unused(model: &Model<'_>, param: &syn::TypeParam) -> bool {
    let Some(block) = model.own_block() else { return false };
    let is_it =
        |own: &&syn::GenericParam| matches!(own, syn::GenericParam::Type(own) if own.ident == param.ident);
    let others = block.generics.params.iter().filter(|own| !is_it(own));
    let (ty, of_trait, clause) = (&block.self_ty, &block.of_trait, &block.generics.where_clause);
    block.generics.params.iter().any(|own| is_it(&own))
        && !types::mentions(quote::quote!(#ty #of_trait #clause #(#others)*), &param.ident.to_string())
}

/// A bound by the name that it has everywhere.
fn in_full(bound: syn::TypeParamBound) -> syn::TypeParamBound {
    let path = quote::quote!(#bound);
    match path.to_string().as_str() {
        "Hash" => syn::parse_quote!(::core::hash::Hash),
        "Eq" => syn::parse_quote!(::core::cmp::Eq),
        "Clone" => syn::parse_quote!(::core::clone::Clone),
        "Send" | "Sync" => syn::parse_quote!(::core::marker::#path),
        _ => bound,
    }
}

/// The same of one parameter; the error goes to this place.
pub(crate) fn bounds_of(
    model: &Model<'_>,
    param: &syn::TypeParam,
    generics: &syn::Generics,
    place: &syn::Ident,
    diag: &mut Diag,
) {
    let own = model.own_block().map(|block| &block.self_ty);
    let held = |ty: &Type| types::held(own.filter(|_| types::is_self(ty)).unwrap_or(ty), &param.ident);
    let in_key = model.leaves().filter_map(|(_, leaf)| held(&leaf.ty)).max();
    let in_value = held(&model.returned);
    let needed: &[&'static str] = match (in_key, in_value) {
        (Some(Held::Owned), _) | (_, Some(Held::Owned)) if in_key.is_some() => {
            &["Hash", "Eq", "Clone", "Send", "Sync", "'static"]
        }
        (Some(_), _) => &["Hash", "Eq", "Send", "Sync", "'static"],
        (_, Some(Held::Owned)) => &["Clone", "Send", "Sync", "'static"],
        (None, Some(Held::Shared)) => &["Send", "Sync", "'static"],
        (None, None) if is_free(model, param) || is_unused(model, param) => &[],
        (None, None) => &["'static"],
    };
    // What a thread keeps to itself need not be fit to be shared.
    let is_needed = |bound: &&&'static str| !(model.is_of_thread() && ["Send", "Sync"].contains(*bound));
    let needed: Vec<&'static str> = needed.iter().filter(is_needed).copied().collect();
    let missing = Bounds::of(param, generics, model.item.sig.fn_token.span).missing(&needed);
    if missing.is_empty() {
        return;
    }
    let (own, bounds) = (&param.ident, missing.iter().filter_map(|bound| syn::parse_str(bound).ok()));
    let bounds: Vec<syn::TypeParamBound> = bounds.map(in_full).collect();
    model.lacking.borrow_mut().push(syn::parse_quote!(#own: #(#bounds)+*));
    let what = match (in_key, in_value) {
        (Some(_), _) => lacks::FOR[0],
        (None, Some(_)) => lacks::FOR[1],
        (None, None) => lacks::FOR[2],
    };
    let block = model.block.filter(|block| std::ptr::eq(generics, &raw const block.generics));
    let told = match block {
        Some(block) => block.lacks.borrow_mut().note(&param.ident, what, &missing),
        None => Some((what, missing)),
    };
    let Some((what, missing)) = told else { return };
    let (name, missing) = (&param.ident, missing.join(" + "));
    if let Some(called) = lacks::called_by(model, param, generics).filter(|_| in_key.is_some()) {
        let message = format!(
            "`{name}` is called, and what is called cannot be compared: leave it out of the key with `skip({called})`, or take \
             a pointer, `fn(..) -> ..`"
        );
        return diag.at(place, message);
    }
    diag.at(place, format!("`{name}` {what}, which it must be fit for: add `{name}: {missing}`"));
}

/// Whether this function's types are made of a parameter of its block that is not fit for one of them, which is told once.
pub(crate) fn is_of_an_unfit_block(model: &Model<'_>) -> bool {
    let Some(block) = model.block else { return false };
    let lacks = block.lacks.borrow();
    let is_one =
        |param: &syn::TypeParam| lacks.params().any(|name| param.ident == name) && !is_free(model, param);
    block.generics.type_params().any(is_one)
}

/// The type parameters that tell one cache from another.
pub(crate) fn told_apart_by<'a>(model: &'a Model<'_>) -> Vec<&'a syn::Ident> {
    telling_apart(model).map(|(param, _)| &param.ident).collect()
}

/// Those of them of which it is not seen that they live for ever; of a cache in a field, all such parameters of its block.
pub(crate) fn told_apart_by_what_may_borrow<'a>(
    model: &'a Model<'_>,
) -> impl Iterator<Item = &'a syn::TypeParam> {
    let function = model.item.sig.fn_token.span;
    let may_borrow = move |(param, generics)| !Bounds::of(param, generics, function).are_static();
    let of_field = model.own_block().filter(|_| model.options.inside.is_some()).map(|block| &block.generics);
    let of_field = of_field.into_iter().flat_map(with_their_generics);
    telling_apart(model).chain(of_field).filter(move |own| may_borrow(*own)).map(|(param, _)| param)
}

fn telling_apart<'a>(model: &'a Model<'_>) -> impl Iterator<Item = (&'a syn::TypeParam, &'a syn::Generics)> {
    let of_block = model.own_block().filter(|_| model.options.inside.is_none()).map(|block| &block.generics);
    let all = [&model.item.sig.generics].into_iter().chain(of_block);
    all.flat_map(with_their_generics).filter(|(param, _)| !is_free(model, param))
}

fn with_their_generics(generics: &syn::Generics) -> impl Iterator<Item = (&syn::TypeParam, &syn::Generics)> {
    generics.type_params().map(move |param| (param, generics))
}

/// Whether a parameter of a block is spoken of by neither key nor value of a method in it. The memo of a key whose type is not written is
/// found by all parameters.
fn is_free(model: &Model<'_>, param: &syn::TypeParam) -> bool {
    let is_found_without = model.key_is_named() || model.options.inside.is_some();
    let Some(block) = model.block.filter(|_| is_found_without) else { return false };
    let name = param.ident.to_string();
    let of_block = block.generics.type_params().any(|other| other.ident == param.ident);
    let self_ty = &block.self_ty;
    let in_self = types::mentions(quote::quote!(#self_ty), &name);
    let speaks = |ty: &Type| {
        let ty = || quote::quote!(#ty);
        types::mentions(ty(), &name) || (in_self && types::mentions(ty(), "Self"))
    };
    of_block && !model.leaves().any(|(_, leaf)| speaks(&leaf.ty)) && !speaks(&model.returned)
}

/// Options that need or exclude each other, and options against the function.
pub(crate) fn options(model: &Model<'_>, diag: &mut Diag) {
    let (item, options, parts) = (model.item, model.options, &model.parts);
    if let (Some((name, _)), false) =
        (&options.policy, options.may_be_given("max") || options.may_be_given("max_weight"))
    {
        diag.at(
            name,
            "`policy` says who leaves when the cache is full, and without a bound it never is: add `max = ..`",
        );
    }
    options.weight.check(&|option| options.may_be_given(option), diag);
    options.age.check(options, diag);
    if let (Some((skip, _)), Some(_)) = (&options.skip, &options.key) {
        diag.at(
            skip,
            "`skip` and `key` contradict each other: `key` names all that counts, the rest is left out",
        );
    }
    if parts.len() > 16 && options.key.is_none() {
        diag.at(&item.sig.ident, "a key has at most 16 parts: `skip(..)` some, or say `key = ..`");
    }
    inside(model, diag);
    instance::check(model, diag);
    formatted::check(model, diag);
    unknown::in_values(model, diag);
    if let (Some((_, key)), None) = (&options.key, item.receiver()) {
        types::any_ident(quote::quote!(#key), &mut |ident| {
            let is_self = ident == "self";
            if is_self {
                let mended = selves::mended(item.sig.fn_token.span);
                diag.at(ident, format!("this function has no `self` that a key could speak of: {mended}"));
            }
            is_self
        });
    }
    if let (Some((name, _)), Some(_)) = (&options.scope, &options.inside) {
        diag.at(
            name,
            "`in` and `scope` contradict each other: the cache of an instance is the instance's; drop one",
        );
    }
    closures::check(model, diag);
    scope::check(model, diag);
    batch::check(model, diag);
    late::check(model, diag);
    if let Some(tags) = &options.tags {
        tags.check(model, diag);
    }
    laziness::check(model, diag);
}

/// What is wrong with a cache that is a field.
fn inside(model: &Model<'_>, diag: &mut Diag) {
    let (item, options) = (model.item, model.options);
    let Some((name, _)) = &options.inside else { return };
    let Some(receiver) = item.receiver() else {
        let mended = selves::mended(item.sig.fn_token.span);
        return diag.at(name, format!("`in` names a field of `self`, and this function has none: {mended}"));
    };
    let ty = &receiver.ty;
    if types::is_self(ty) || types::argument_of(ty, "Box").is_some_and(types::is_self) {
        diag.at(
            receiver,
            "a method that takes `self` along takes the cache in it along, too: take `&self`, or `self: Arc<Self>`",
        );
    }
    for param in &item.sig.generics.params {
        let own = match param {
            GenericParam::Type(param) => &param.ident,
            GenericParam::Const(param) => &param.ident,
            GenericParam::Lifetime(_) => continue,
        };
        // What is passed says what it is: who leaves that out of the key means all that it can be.
        let is_passed =
            model.params.iter().any(|param| types::mentions(quote::quote!(#param), &own.to_string()));
        if !is_passed && !types::mentions(model.returned.to_token_stream(), &own.to_string()) {
            diag.at(
                own,
                format!(
                    "the cache of an instance is one for all that `{own}` may be: say in the key which it is, or drop `in`"
                ),
            );
        }
    }
}
