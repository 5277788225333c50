//! The lifetimes in a type as it is written.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{GenericArgument, Lifetime, PathArguments, PathSegment, Type, TypeParamBound};

/// Whether a type is written with a borrow that may end: a reference or a lifetime other than `'static`. What a function
/// or closure type takes and returns is no borrow of the type's own, nor is what the trait of an associated type is given.
pub(crate) fn borrows(ty: &Type) -> bool {
    let mut found = false;
    walk(&mut ty.clone(), false, &mut |lifetime| {
        found |= lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static");
    });
    found
}

/// The type with every lifetime made `'static`, as a constant must name it.
pub(crate) fn forever(ty: &Type) -> TokenStream {
    let mut ty = ty.clone();
    walk(&mut ty, true, &mut |lifetime| {
        let span = lifetime.as_ref().map_or_else(Span::call_site, Lifetime::span);
        *lifetime = Some(Lifetime::new("'static", span));
    });
    ty.to_token_stream()
}

/// Whether a lifetime in a type has no name.
pub(crate) fn leaves_out_a_lifetime(ty: &Type) -> bool {
    let mut found = false;
    walk(&mut ty.clone(), true, &mut |lifetime| {
        found |= lifetime.as_ref().is_none_or(|lifetime| lifetime.ident == "_");
    });
    found
}

/// How many lifetimes these types speak of: each that has no name is one of its own.
pub(crate) fn lifetimes<'a>(types: impl Iterator<Item = &'a Type>) -> usize {
    let (mut nameless, mut names) = (0, BTreeSet::new());
    for ty in types {
        walk(&mut ty.clone(), true, &mut |lifetime| match lifetime {
            Some(lifetime) if lifetime.ident != "_" => drop(names.insert(lifetime.ident.to_string())),
            _ => nameless += 1,
        });
    }
    nameless + names.len()
}

/// The type with no lifetime by its name, but for `'static`.
pub(crate) fn nameless(ty: &Type) -> Type {
    let mut ty = ty.clone();
    walk(&mut ty, true, &mut |lifetime| {
        if let Some(own) = lifetime.as_mut().filter(|own| own.ident != "static") {
            *own = Lifetime::new("'_", own.span());
        }
    });
    ty
}

/// The type with a name for every lifetime that has none, which is added to `names`.
pub(crate) fn named(ty: &Type, names: &mut Vec<Lifetime>) -> Type {
    let mut ty = ty.clone();
    walk(&mut ty, true, &mut |lifetime| {
        if lifetime.as_ref().is_none_or(|lifetime| lifetime.ident == "_") {
            let span = lifetime
                .as_ref()
                .map_or_else(Span::mixed_site, |own| Span::mixed_site().located_at(own.span()));
            let name = Lifetime::new(&format!("'a{}", names.len()), span);
            names.push(name.clone());
            *lifetime = Some(name);
        }
    });
    ty
}

/// The type with the lifetime that `Cow<str>` leaves out: where such a type is written down once more it has to be there.
pub(crate) fn in_full(ty: &Type) -> Type {
    let mut full = ty.clone();
    fill_in(&mut full);
    full
}

fn fill_in(ty: &mut Type) {
    match ty {
        Type::Group(group) => fill_in(&mut group.elem),
        Type::Paren(paren) => fill_in(&mut paren.elem),
        Type::Reference(reference) => fill_in(&mut reference.elem),
        Type::Slice(slice) => fill_in(&mut slice.elem),
        Type::Array(array) => fill_in(&mut array.elem),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(fill_in),
        Type::Path(path) if path.qself.is_none() => {
            let Some(last) = path.path.segments.last_mut() else { return };
            let is_cow = last.ident == "Cow";
            let PathArguments::AngleBracketed(arguments) = &mut last.arguments else { return };
            if is_cow
                && matches!(arguments.args.first(), Some(GenericArgument::Type(_)))
                && arguments.args.len() == 1
            {
                let lifetime = Lifetime::new("'_", last.ident.span());
                arguments.args.insert(0, GenericArgument::Lifetime(lifetime));
            }
            for argument in &mut arguments.args {
                if let GenericArgument::Type(ty) = argument {
                    fill_in(ty);
                }
            }
        }
        _ => {}
    }
}

/// Visits every place of a lifetime in a type, written or not; what the trait of `<Desk as Trait<&str>>::Out` is given only where
/// that is asked for.
fn walk(ty: &mut Type, of_traits: bool, visit: &mut dyn FnMut(&mut Option<Lifetime>)) {
    match ty {
        Type::Reference(reference) => {
            visit(&mut reference.lifetime);
            walk(&mut reference.elem, of_traits, visit);
        }
        Type::Path(path) => {
            if let Some(own) = &mut path.qself {
                walk(&mut own.ty, of_traits, visit);
            }
            let of_trait = path.qself.as_ref().map_or(0, |own| own.position);
            let first = if of_traits { 0 } else { of_trait };
            walk_path(path.path.segments.iter_mut().skip(first), of_traits, visit);
        }
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| walk(elem, of_traits, visit)),
        Type::Array(array) => walk(&mut array.elem, of_traits, visit),
        Type::Slice(slice) => walk(&mut slice.elem, of_traits, visit),
        Type::Ptr(pointer) => walk(&mut pointer.elem, of_traits, visit),
        Type::Paren(paren) => walk(&mut paren.elem, of_traits, visit),
        Type::Group(group) => walk(&mut group.elem, of_traits, visit),
        Type::TraitObject(object) => {
            object.bounds.iter_mut().for_each(|bound| walk_bound(bound, of_traits, visit));
        }
        Type::ImplTrait(object) => {
            object.bounds.iter_mut().for_each(|bound| walk_bound(bound, of_traits, visit));
        }
        _ => {}
    }
}

fn walk_path<'a>(
    segments: impl Iterator<Item = &'a mut PathSegment>,
    of_traits: bool,
    visit: &mut dyn FnMut(&mut Option<Lifetime>),
) {
    for segment in segments {
        let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else { continue };
        for argument in &mut arguments.args {
            match argument {
                GenericArgument::Lifetime(lifetime) => walk_lifetime(lifetime, visit),
                GenericArgument::Type(ty) => walk(ty, of_traits, visit),
                GenericArgument::AssocType(assoc) => walk(&mut assoc.ty, of_traits, visit),
                _ => {}
            }
        }
    }
}

fn walk_bound(bound: &mut TypeParamBound, of_traits: bool, visit: &mut dyn FnMut(&mut Option<Lifetime>)) {
    match bound {
        TypeParamBound::Lifetime(lifetime) => walk_lifetime(lifetime, visit),
        // The lifetimes of a `for<'a>` are its own.
        TypeParamBound::Trait(bound) if bound.lifetimes.is_none() => {
            walk_path(bound.path.segments.iter_mut(), of_traits, visit);
        }
        _ => {}
    }
}

fn walk_lifetime(lifetime: &mut Lifetime, visit: &mut dyn FnMut(&mut Option<Lifetime>)) {
    let mut place = Some(lifetime.clone());
    visit(&mut place);
    if let Some(new) = place {
        *lifetime = new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ty(text: &str) -> Type {
        syn::parse_str(text).unwrap()
    }

    #[test]
    fn borrows_are_found_at_any_depth() {
        for text in [
            "&str",
            "Option<&u8>",
            "Cow<'_, str>",
            "Vec<Box<dyn Fn(&u8) + 'a>>",
            "&'a [u8]",
            "&'static &u8",
            "<A as B<u8>>::C<'_>",
        ] {
            assert!(borrows(&ty(text)), "{text}");
        }
        for text in [
            "u8",
            "&'static str",
            "Option<&'static u8>",
            "Vec<Cow<'static, str>>",
            "fn(&str) -> &str",
            "Arc<dyn Fn(&str) -> bool + Send>",
            "Box<dyn for<'a> Visit<'a>>",
            "Result<u8, <Self as TryFrom<&str>>::Error>",
        ] {
            assert!(!borrows(&ty(text)), "{text}");
        }
    }

    #[test]
    fn forever_leaves_no_other_lifetime() {
        let text = forever(&ty("(&str, Cow<'a, str>, &'b mut [u8], fn(&u8))")).to_string().replace(' ', "");
        assert_eq!(text, "(&'staticstr,Cow<'static,str>,&'staticmut[u8],fn(&u8))");
    }
}
