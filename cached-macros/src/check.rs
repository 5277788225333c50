//! What cannot be memoized, in our words: every reason at once, at the token that is in the way.

use syn::{FnArg, GenericParam, ReturnType, Type};

use crate::batch;
use crate::diag::Diag;
use crate::item::Item;
use crate::key::{Param, Part};
use crate::options::Options;
use crate::types;

/// Everything about the function's head.
pub(crate) fn item(item: &Item, diag: &mut Diag) {
    qualifiers(item, diag);
    generics(item, diag);
    item.sig.inputs.iter().for_each(|input| parameter(input, diag));
    if let ReturnType::Type(_, ty) = &item.sig.output {
        returned(ty, diag);
    }
    let name = item.sig.ident.to_string();
    if types::PRIMITIVES.contains(&name.as_str()) {
        diag.at(
            &item.sig.ident,
            format!("a memoized function cannot be called `{name}`: its companion would hide the type"),
        );
    }
}

fn qualifiers(item: &Item, diag: &mut Diag) {
    let sig = &item.sig;
    if let Some(token) = &sig.constness {
        diag.at(token, "a `const fn` cannot be memoized: a cache is made at run time; drop `const`");
    }
    if let Some(token) = &sig.unsafety {
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

fn generics(item: &Item, diag: &mut Diag) {
    for param in &item.sig.generics.params {
        let (kind, name) = match param {
            GenericParam::Lifetime(_) => continue,
            GenericParam::Type(param) => ("type", &param.ident),
            GenericParam::Const(param) => ("const", &param.ident),
        };
        diag.at(
            param,
            format!(
                "a function with the {kind} parameter `{name}` cannot be memoized: one cache holds values of one \
                 type; memoize functions for the types you need, which call this one"
            ),
        );
    }
}

fn parameter(input: &FnArg, diag: &mut Diag) {
    let input = match input {
        FnArg::Receiver(receiver) => {
            diag.at(
                receiver,
                "a method cannot be memoized: `#[memoize]` takes free functions; \
                 memoize a function of the fields it reads",
            );
            return;
        }
        FnArg::Typed(input) => input,
    };
    if let Some(attr) = input.attrs.iter().find(|attr| attr.path().is_ident("cfg")) {
        diag.at(
            attr,
            "a parameter that is there only sometimes cannot be memoized: put `#[cfg]` on two functions",
        );
    }
    match types::peel(&input.ty) {
        Type::Reference(reference) if reference.mutability.is_some() => diag.at(
            reference,
            "a `&mut` parameter cannot be memoized: a hit would skip what the body does to it; return the result",
        ),
        Type::ImplTrait(ty) => diag.at(
            ty,
            "an `impl Trait` parameter cannot be memoized: it makes one function of many types; name the type",
        ),
        Type::Ptr(ty) => diag.at(
            ty,
            "a raw pointer cannot be memoized: equal addresses do not mean equal values; take a reference",
        ),
        _ => {}
    }
}

fn returned(ty: &Type, diag: &mut Diag) {
    match types::peel(ty) {
        Type::Never(never) => {
            diag.at(never, "a function that never returns cannot be memoized: there is nothing to keep");
        }
        ty if types::mentions(quote::quote!(#ty), "impl") => diag.at(
            ty,
            "a function that returns `impl Trait` cannot be memoized: the cache must name the type; name it, or box it",
        ),
        ty if types::borrows(ty) => diag.at(
            ty,
            "a borrowed value cannot be kept in a cache: it would outlive what it borrows from; \
             return an owned value, or an `Arc` of it",
        ),
        _ => {}
    }
}

/// Options that need or exclude each other, and options against the function.
pub(crate) fn options(item: &Item, options: &Options, params: &[Param], parts: &[Part], diag: &mut Diag) {
    if let (Some((name, _)), false) = (&options.policy, options.was_given("max")) {
        diag.at(
            name,
            "`policy` says who leaves when the cache is full, and without `max` it never is: add `max = ..`",
        );
    }
    if let (Some((skip, _)), Some(_)) = (&options.skip, &options.key) {
        diag.at(
            skip,
            "`skip` and `key` contradict each other: `key` names all that counts, the rest is left out",
        );
    }
    if parts.len() > 16 && options.key.is_none() {
        diag.at(&item.sig.ident, "a key has at most 16 parts: `skip(..)` some, or say `key = ..`");
    }
    for part in parts {
        // A batch says itself what its keys may be.
        if let (Part::Param(index), None) = (part, &options.batch.marker) {
            key_parameter(&params[*index], diag);
        }
    }
    batch::check(item, options, params, parts, diag);
    if let Some(lazy) = &options.lazy {
        lazily(lazy, options, params, parts, diag);
    }
}

/// A parameter in the key may be a reference, but must not hide one inside.
fn key_parameter(param: &Param, diag: &mut Diag) {
    let inner = types::as_reference(&param.ty).map_or(&param.ty, |reference| &reference.elem);
    let unnamed = matches!(types::peel(&param.ty), Type::ImplTrait(_) | Type::Ptr(_))
        || matches!(types::peel(&param.ty), Type::Reference(reference) if reference.mutability.is_some());
    if !unnamed && types::borrows(inner) {
        let name = &param.name;
        diag.at(
            &param.ty,
            format!(
                "`{name}` holds a borrow inside, which cannot be stored in a key: say what stands for it with \
                 `key = ..`, or leave it out with `skip({name})`"
            ),
        );
    }
}

/// A lazy call keeps its arguments: what they point at must be owned, and so must what they hold.
fn lazily(lazy: &syn::Ident, options: &Options, params: &[Param], parts: &[Part], diag: &mut Diag) {
    for (index, param) in params.iter().enumerate() {
        let in_key = parts.iter().any(|part| matches!(part, Part::Param(other) if *other == index));
        let inner = types::as_reference(&param.ty).map_or(&param.ty, |reference| &reference.elem);
        let skipped_borrow = options.skip.is_some() && types::borrows(&param.ty);
        if !in_key && (skipped_borrow || types::borrows(inner)) {
            let name = &param.name;
            diag.at(
                &param.ty,
                format!(
                    "a `{lazy}` call runs later, when `{name}` may be gone: take it as an `Arc` or by value"
                ),
            );
        }
    }
}
