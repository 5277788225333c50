//! Looking at types as they are written.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, Lifetime, Path, PathArguments, PathSegment, Type, TypeParamBound, TypeReference};

/// Takes off the groups without delimiters that `macro_rules!` puts around a `$t:ty`, and parentheses.
pub(crate) fn peel(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            other => return other,
        }
    }
}

/// A reference, unless it is `&mut`.
pub(crate) fn as_reference(ty: &Type) -> Option<&TypeReference> {
    match peel(ty) {
        Type::Reference(reference) if reference.mutability.is_none() => Some(reference),
        _ => None,
    }
}

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

/// Whether a part of a type is left to the compiler, which no head of a function does.
pub(crate) fn is_left_open(ty: &Type) -> bool {
    let arguments = |path: &Path| {
        path.segments.iter().any(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(arguments) => {
                arguments.args.iter().any(|argument| match argument {
                    GenericArgument::Type(ty) => is_left_open(ty),
                    _ => false,
                })
            }
            _ => false,
        })
    };
    match ty {
        Type::Infer(_) => true,
        Type::Reference(reference) => is_left_open(&reference.elem),
        Type::Slice(slice) => is_left_open(&slice.elem),
        Type::Array(array) => is_left_open(&array.elem),
        Type::Paren(paren) => is_left_open(&paren.elem),
        Type::Group(group) => is_left_open(&group.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(is_left_open),
        Type::Path(path) => arguments(&path.path),
        _ => false,
    }
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

/// Types that are always found, or have arguments, of which the compiler would miss some.
pub(crate) const KNOWN: &[&str] = &[
    "Arc", "BTreeMap", "BTreeSet", "Box", "Cow", "HashMap", "HashSet", "Option", "Rc", "Result", "Self",
    "String", "Vec", "VecDeque",
];

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

/// A type as people write it.
pub(crate) fn text(ty: &Type) -> String {
    ty.to_token_stream()
        .to_string()
        .replace(" <", "<")
        .replace("< ", "<")
        .replace(" >", ">")
        .replace(" ,", ",")
        .replace(" :: ", "::")
}

/// `T` of `a::Name<T>`.
pub(crate) fn argument_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = peel(ty) else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// Whether a type is a `Result` by its name.
pub(crate) fn is_result(ty: &Type) -> bool {
    matches!(peel(ty), Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Result"))
}

/// The error type of such a type, where it is written.
pub(crate) fn result_error(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = peel(ty) else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    match arguments.args.iter().nth(1) {
        Some(GenericArgument::Type(ty)) => Some(ty),
        _ => None,
    }
}

/// `T` of `Future<Output = T>`.
pub(crate) fn output_of(segment: &syn::PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(assoc) if segment.ident == "Future" && assoc.ident == "Output" => {
            Some(&assoc.ty)
        }
        _ => None,
    })
}

/// The first word of an item after its attributes and the words that are to be skipped, with their parentheses. Looks at
/// no more than it needs.
pub(crate) fn first_word(tokens: &TokenStream, is_skipped: &dyn Fn(&str) -> bool) -> Option<Ident> {
    let mut tokens = tokens.clone().into_iter();
    loop {
        match tokens.next()? {
            // An attribute, or the parentheses of a visibility.
            TokenTree::Punct(punct) if punct.as_char() == '#' => drop(tokens.next()),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {}
            // A `$vis` of `macro_rules!`.
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                if let Some(word) = first_word(&group.stream(), is_skipped) {
                    return Some(word);
                }
            }
            TokenTree::Ident(word) if is_skipped(&word.to_string()) => {}
            TokenTree::Ident(word) => return Some(word),
            _ => return None,
        }
    }
}

/// Whether these tokens name one of the idents, at any depth.
pub(crate) fn mentions(tokens: TokenStream, name: &str) -> bool {
    any_ident(tokens, &mut |ident| ident == name)
}

/// Whether an ident of these tokens, at any depth, is one that is looked for.
pub(crate) fn any_ident(tokens: TokenStream, is_it: &mut dyn FnMut(&Ident) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => any_ident(group.stream(), is_it),
        TokenTree::Ident(ident) => is_it(&ident),
        _ => false,
    })
}

/// The same, and names in holes of string literals, as `format!` finds them.
pub(crate) fn any_name(tokens: TokenStream, is_it: &mut dyn FnMut(&Ident) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => any_name(group.stream(), is_it),
        TokenTree::Ident(ident) => is_it(&ident),
        TokenTree::Literal(literal) => {
            let text = syn::parse2::<syn::LitStr>(TokenTree::from(literal.clone()).into());
            let text = text.map(|text| text.value()).unwrap_or_default();
            holes(&text).any(|name| is_it(&Ident::new(name, literal.span())))
        }
        TokenTree::Punct(_) => false,
    })
}

fn holes(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|hole| {
        let end = hole.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(hole.len());
        let name = &hole[..end];
        syn::parse_str::<Ident>(name).is_ok().then_some(name)
    })
}

/// Whether a body speaks of a `Self` that is not that of an item inside of it.
pub(crate) fn speaks_of_self(tokens: TokenStream) -> bool {
    const ITEMS: &[&str] = &["impl", "trait", "struct", "enum", "union", "macro_rules"];
    let mut in_item = false;
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => {
            let was_in_item = in_item;
            in_item &= group.delimiter() != Delimiter::Brace;
            !was_in_item && speaks_of_self(group.stream())
        }
        TokenTree::Punct(punct) => {
            in_item &= punct.as_char() != ';';
            false
        }
        TokenTree::Ident(ident) => {
            in_item |= ITEMS.iter().any(|item| ident == item);
            !in_item && ident == "Self"
        }
        TokenTree::Literal(_) => false,
    })
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

/// How a type holds another one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Held {
    /// In an `Arc`, whose clone is none of what it holds.
    Shared,
    Owned,
}

/// How a type holds a parameter, as far as its name says so: of what a type of the user's makes of its parameters, nobody
/// knows.
pub(crate) fn held(ty: &Type, param: &Ident) -> Option<Held> {
    let all = |types: &mut dyn Iterator<Item = &Type>| types.filter_map(|ty| held(ty, param)).max();
    match peel(ty) {
        Type::Path(path) if path.path.is_ident(param) => Some(Held::Owned),
        Type::Path(path) if path.qself.is_none() => {
            let last = path.path.segments.last()?;
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
            let mut inner = arguments.args.iter().filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            });
            match last.ident.to_string().as_str() {
                "Vec" | "VecDeque" | "Option" | "Box" => all(&mut inner),
                // Of what is returned the errors are not kept, and a key is hardly ever one.
                "Result" => all(&mut inner.take(1)),
                "Arc" => all(&mut inner).map(|_| Held::Shared),
                _ => None,
            }
        }
        Type::Tuple(tuple) => all(&mut tuple.elems.iter()),
        Type::Array(array) => held(&array.elem, param),
        Type::Slice(slice) => held(&slice.elem, param),
        _ => None,
    }
}

/// Names of types that cannot be names of functions with a companion.
pub(crate) const PRIMITIVES: &[&str] = &[
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
    "isize", "f32", "f64",
];

/// Types that are keys for sure, so that the compiler need not be asked.
pub(crate) fn is_plain_key(ty: &Type) -> bool {
    is_str(ty) || is_plain(ty, &|name| !name.starts_with('f'))
}

/// Types of values that are kept as they are, so that the compiler need not be asked. Whoever calls a `Result` by such a
/// name keeps nothing: that shows when it runs.
pub(crate) fn is_plain_value(ty: &Type) -> bool {
    is_plain(ty, &|_| true)
}

/// Whether a type is put together from primitive types that are right, `String`, and the containers everybody uses.
fn is_plain(ty: &Type, is_right: &dyn Fn(&str) -> bool) -> bool {
    match peel(ty) {
        Type::Path(path) if path.qself.is_none() && path.path.leading_colon.is_none() => {
            if path.path.segments.len() != 1 {
                return false;
            }
            let name = path.path.segments[0].ident.to_string();
            match argument_of(ty, "Option").or_else(|| argument_of(ty, "Vec")) {
                Some(inner) => is_plain(inner, is_right),
                None if !path.path.segments[0].arguments.is_none() => false,
                None => {
                    name == "String"
                        || (PRIMITIVES.contains(&name.as_str()) && name != "str" && is_right(&name))
                }
            }
        }
        Type::Tuple(tuple) => tuple.elems.iter().all(|elem| is_plain(elem, is_right)),
        _ => false,
    }
}

pub(crate) fn is_self(ty: &Type) -> bool {
    matches!(peel(ty), Type::Path(path) if path.path.is_ident("Self"))
}

pub(crate) fn is_str(ty: &Type) -> bool {
    matches!(peel(ty), Type::Path(path) if path.path.is_ident("str"))
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
