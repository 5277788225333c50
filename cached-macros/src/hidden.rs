//! Types of other crates that may hold a borrow whose lifetime is not written: `fn title(node: &Node)` of `struct Node<'a>`. In the head of a
//! function that is right, and in what goes beside it it is not. So there such a type has another name, and of what it lacks the compiler
//! speaks once, where it is given that. Arguments of such a type it would count at each thing that speaks of it: they stand there, too.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{GenericArgument, PathArguments, Type, TypePath};

use crate::key::Part;
use crate::model::{Model, Place};
use crate::sources::module;
use crate::types;

/// The types of a function that may be such, each once.
pub(crate) fn all(model: &Model<'_>) -> Vec<TypePath> {
    let mut found: Vec<TypePath> = Vec::new();
    // Those of a method cannot have other names in its block, and others have some already.
    if !matches!(model.place, Place::Type(_)) || model.judge.is_some() {
        return found;
    }
    // Beside parameters the compiler knows other advice for a type that it does not find.
    let (is_generic, function) =
        (model.item.sig.generics.type_params().next().is_some(), model.item.sig.fn_token.span);
    let is_another = |ty: &TypePath| module::is_of_another_crate(&ty.path, function);
    let may_be_hidden = |ty: &TypePath| {
        if is_given_nothing(ty) {
            return may_be(model, ty) && (!is_generic || is_another(ty));
        }
        // Whether that is too much or too little the compiler says where it has this name, and in the head.
        !is_generic && !types::borrows(&Type::Path(ty.clone())) && may_be(model, ty) && is_another(ty)
    };
    // Of what is left out of the key nobody else speaks, unless the library has it all.
    let is_spoken_of = |index: usize| {
        model.plain.is_some()
            || model.parts.iter().any(|part| matches!(part, Part::Param(own) if *own == index))
    };
    let params = model.params.iter().enumerate().filter(|(index, _)| is_spoken_of(*index));
    for ty in params.map(|(_, param)| &param.ty).chain([&model.returned]) {
        each(&mut ty.clone(), &mut |path| {
            let is_one = may_be_hidden(path);
            if is_one && !found.iter().any(|own| text(own) == text(path)) {
                found.push(path.clone());
            }
            is_one.then(|| Type::Path(path.clone()))
        });
    }
    found
}

/// The other names.
pub(crate) fn declared(model: &Model<'_>, attrs: &TokenStream) -> TokenStream {
    let types = model.hidden().iter().enumerate().map(|(index, ty)| {
        // Where the function's name is: there the compiler says that a lifetime may be declared.
        let name = name(model, index, model.item.sig.ident.span());
        quote!(#attrs type #name = #ty;)
    });
    types.collect()
}

/// A type with these names.
pub(crate) fn renamed(model: &Model<'_>, ty: &Type) -> Type {
    let mut ty = ty.clone();
    // What stands in for a function with a mistake in it has no other names beside it.
    if !model.sound || model.hidden().is_empty() {
        return ty;
    }
    each(&mut ty, &mut |path| {
        let text = text(path);
        let index = model.hidden().iter().position(|own| self::text(own) == text)?;
        let name = name(model, index, path.path.segments.last()?.ident.span());
        Some(syn::parse_quote!(#name))
    });
    ty
}

fn name(model: &Model<'_>, index: usize, span: Span) -> syn::Ident {
    format_ident!("__type_{index}_of_{}", model.item.sig.ident.unraw(), span = span)
}

/// Without what it is not given.
fn text(path: &TypePath) -> String {
    path.to_token_stream().to_string().replace("< >", "").replace("<>", "").replace(' ', "")
}

/// Visits each type that has a name, and takes what comes of it in its place.
fn each(ty: &mut Type, visit: &mut dyn FnMut(&TypePath) -> Option<Type>) {
    match ty {
        Type::Group(group) => each(&mut group.elem, visit),
        Type::Paren(paren) => each(&mut paren.elem, visit),
        Type::Reference(reference) => each(&mut reference.elem, visit),
        Type::Slice(slice) => each(&mut slice.elem, visit),
        Type::Array(array) => each(&mut array.elem, visit),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| each(elem, visit)),
        Type::Path(path) if path.qself.is_none() => {
            if let Some(other) = visit(path) {
                *ty = other;
                return;
            }
            for segment in &mut path.path.segments {
                let PathArguments::AngleBracketed(given) = &mut segment.arguments else { continue };
                for given in &mut given.args {
                    if let GenericArgument::Type(ty) = given {
                        each(ty, visit);
                    }
                }
            }
        }
        _ => {}
    }
}

fn is_given_nothing(ty: &TypePath) -> bool {
    ty.path.segments.iter().all(|segment| match &segment.arguments {
        PathArguments::None => true,
        PathArguments::AngleBracketed(given) => given.args.is_empty(),
        PathArguments::Parenthesized(_) => false,
    })
}

/// Whether nobody sees what this is. A letter alone may be a parameter that is not declared, if no other crate has it.
fn may_be(model: &Model<'_>, ty: &TypePath) -> bool {
    let is_letter = ty.path.get_ident().is_some_and(|name| name.to_string().len() == 1)
        && !module::is_of_another_crate(&ty.path, model.item.sig.fn_token.span);
    !is_letter
        && !ty.path.segments.iter().any(|segment| segment.ident == "Self")
        && !model.names.are_in(ty)
        && !model.is_plain_key(&Type::Path(ty.clone()))
        && !types::has_no_size_by_name(&Type::Path(ty.clone()))
        && module::declared(&ty.path, model.item.sig.fn_token.span).is_none()
}
