//! Looking at types as they are written.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, Path, PathArguments, Type, TypeParamBound, TypeReference};

mod lifetimes;
mod parts;

pub(crate) use lifetimes::{borrows, forever, in_full, leaves_out_a_lifetime, lifetimes, named, nameless};
pub(crate) use parts::{any_part, arguments, lends_to_change};

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

/// Types that are always found, or have arguments, of which the compiler would miss some.
pub(crate) const KNOWN: &[&str] = &[
    "Arc", "BTreeMap", "BTreeSet", "Box", "Cow", "HashMap", "HashSet", "Option", "Rc", "Result", "Self",
    "String", "Vec", "VecDeque",
];

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

/// A text as a name that no other text has.
pub(crate) fn one_word(text: &str) -> Ident {
    let word = |c: char| match c {
        c if c.is_ascii_alphanumeric() || c == '_' => c.to_string(),
        c if c.is_whitespace() => String::new(),
        c => format!("_{:x}_", u32::from(c)),
    };
    Ident::new(&text.chars().map(word).collect::<String>(), Span::call_site())
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

/// `T` of `Iterator<Item = T>`.
pub(crate) fn item_of(bound: &TypeParamBound) -> Option<&Type> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    let PathArguments::AngleBracketed(arguments) = &bound.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(assoc) if assoc.ident == "Item" => Some(&assoc.ty),
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

/// A number in an expression that ends with one of these units.
pub(crate) fn number_with_a_unit(tokens: TokenStream, is_unit: &dyn Fn(&str) -> bool) -> Option<Literal> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => number_with_a_unit(group.stream(), is_unit),
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            let end = text.rfind(|c: char| c.is_ascii_digit() || c == '.' || c == '_')?;
            (text.starts_with(|c: char| c.is_ascii_digit()) && is_unit(&text[end + 1..])).then_some(literal)
        }
        _ => None,
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
    text.split('{').skip(1).flat_map(|hole| {
        let hole = hole.split('}').next().unwrap_or_default();
        let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
        let end = hole.find(|c| !is_of_name(c)).unwrap_or(hole.len());
        // A width or a precision, as in `{name:>width$.places$}`.
        let counts = hole.split('$').rev().skip(1).map(move |before| {
            let word = before.trim_end_matches(is_of_name);
            &before[word.len()..]
        });
        let is_name = |name: &&str| name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        [&hole[..end]].into_iter().chain(counts).filter(is_name)
    })
}

/// Whether a body speaks of a `Self` that is not that of an item inside of it.
pub(crate) fn speaks_of_self(tokens: TokenStream) -> bool {
    const ITEMS: &[&str] = &["impl", "trait", "struct", "enum", "union", "macro_rules"];
    // A text is searched faster than tokens are.
    if !tokens.to_string().contains("Self") {
        return false;
    }
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
            // Each comparison of an ident makes a text of it.
            let word = ident.to_string();
            in_item |= ITEMS.contains(&word.as_str());
            !in_item && word == "Self"
        }
        TokenTree::Literal(_) => false,
    })
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

/// Whether a type is written as one of these.
pub(crate) fn is_primitive(ty: &Type) -> bool {
    matches!(peel(ty), Type::Path(own) if own.qself.is_none() && is_name_of_primitive(&own.path))
}

/// Whether a path is the name of one of these.
pub(crate) fn is_name_of_primitive(path: &Path) -> bool {
    path.get_ident().is_some_and(|name| PRIMITIVES.contains(&name.to_string().as_str()))
}

/// Types that are keys for sure, so that the compiler need not be asked.
pub(crate) fn is_plain_key(ty: &Type) -> bool {
    is_plain_key_with(ty, &|_| false)
}

/// The same where some more types are known to be fit.
pub(crate) fn is_plain_key_with(ty: &Type, is_fit: &dyn Fn(&Path) -> bool) -> bool {
    is_str(ty) || is_plain(ty, &|name| !name.starts_with('f'), is_fit)
}

/// Types of values that are kept as they are, so that the compiler need not be asked. Whoever calls a `Result` by such a
/// name keeps nothing: that shows when it runs.
pub(crate) fn is_plain_value(ty: &Type) -> bool {
    is_plain_value_with(ty, &|_| false)
}

/// The same where some more types are known to be fit.
pub(crate) fn is_plain_value_with(ty: &Type, is_fit: &dyn Fn(&Path) -> bool) -> bool {
    is_plain(ty, &|_| true, is_fit)
}

/// Whether a type is put together from primitive types that are right, `String`, types that are fit, and the containers everybody uses.
fn is_plain(ty: &Type, is_right: &dyn Fn(&str) -> bool, is_fit: &dyn Fn(&Path) -> bool) -> bool {
    match peel(ty) {
        Type::Path(path) if path.qself.is_none() && path.path.leading_colon.is_none() => {
            let name = path.path.segments[0].ident.to_string();
            if path.path.segments.len() == 1 {
                if let Some(inner) = argument_of(ty, "Option").or_else(|| argument_of(ty, "Vec")) {
                    return is_plain(inner, is_right, is_fit);
                }
                let is_known = name == "String" || PRIMITIVES.contains(&name.as_str());
                if is_known && path.path.segments[0].arguments.is_none() {
                    return name != "str" && is_right(&name);
                }
            }
            let may_have_no_size =
                path.path.segments.last().is_some_and(|last| last.ident == "Arc" || last.ident == "Box");
            let given = arguments(&path.path);
            let are_plain = |ty: &Type| is_plain(ty, is_right, is_fit) || (may_have_no_size && is_str(ty));
            given.into_iter().all(are_plain) && is_fit(&path.path)
        }
        // Of longer ones the standard library knows nothing.
        Type::Tuple(tuple) => {
            tuple.elems.len() <= 12 && tuple.elems.iter().all(|elem| is_plain(elem, is_right, is_fit))
        }
        _ => false,
    }
}

/// The name of a type that is known by it: see [`is_plain`].
pub(crate) fn known_name(ty: &Type) -> Option<String> {
    let Type::Path(path) = peel(ty) else { return None };
    let name = path.path.segments.first().filter(|_| path.path.segments.len() == 1)?.ident.to_string();
    let is_known =
        ["Option", "String", "Vec"].contains(&name.as_str()) || PRIMITIVES.contains(&name.as_str());
    is_known.then_some(name)
}

/// What follows this name where a path begins with it.
pub(crate) fn found_in(tokens: TokenStream, name: &str) -> Vec<String> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is_colon =
        |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_method =
            at > 0 && matches!(&tokens[at - 1], TokenTree::Punct(punct) if punct.as_char() == '.');
        let is_inside = is_method || (at > 1 && is_colon(at - 1) && is_colon(at - 2));
        match (token, tokens.get(at + 3)) {
            (TokenTree::Group(group), _) => found.extend(found_in(group.stream(), name)),
            (TokenTree::Ident(own), Some(TokenTree::Ident(next)))
                if own == name && !is_inside && is_colon(at + 1) && is_colon(at + 2) =>
            {
                found.push(next.to_string());
            }
            _ => {}
        }
    }
    found
}

/// Whether a type has no size, as far as its name says.
pub(crate) fn has_no_size_by_name(ty: &Type) -> bool {
    match peel(ty) {
        Type::Slice(_) => true,
        Type::Path(path) => path
            .path
            .segments
            .last()
            .filter(|last| match &last.arguments {
                PathArguments::AngleBracketed(given) => given.args.is_empty(),
                own => own.is_none(),
            })
            .is_some_and(|last| ["str", "Path", "OsStr", "CStr"].iter().any(|name| last.ident == name)),
        _ => false,
    }
}

/// Whether this is `Arc<Self>` or `Rc<Self>`.
pub(crate) fn is_shared(ty: &Type) -> bool {
    ["Arc", "Rc"].iter().any(|name| argument_of(ty, name).is_some_and(is_self))
}

/// These tokens with other names in the place of some, at any depth.
pub(crate) fn each_ident(tokens: TokenStream, other: &dyn Fn(&Ident) -> Option<Ident>) -> TokenStream {
    let one = |token| match token {
        TokenTree::Group(group) => {
            let mut new = Group::new(group.delimiter(), each_ident(group.stream(), other));
            new.set_span(group.span());
            TokenTree::Group(new)
        }
        TokenTree::Ident(ident) => TokenTree::Ident(other(&ident).unwrap_or(ident)),
        token => token,
    };
    tokens.into_iter().map(one).collect()
}

pub(crate) fn is_self(ty: &Type) -> bool {
    matches!(peel(ty), Type::Path(path) if path.path.is_ident("Self"))
}

pub(crate) fn is_str(ty: &Type) -> bool {
    matches!(peel(ty), Type::Path(path) if path.path.is_ident("str"))
}

/// These tokens, all of them at one place.
pub(crate) fn respanned(tokens: TokenStream, span: Span) -> TokenStream {
    let one = |token| match token {
        TokenTree::Group(group) => {
            let mut new = Group::new(group.delimiter(), respanned(group.stream(), span));
            new.set_span(span);
            TokenTree::Group(new)
        }
        mut other => {
            other.set_span(span);
            other
        }
    };
    tokens.into_iter().map(one).collect()
}
