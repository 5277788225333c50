//! What a key makes of the type of an argument: a tree whose leaves are compared as a whole.
//!
//! A type is taken apart only where it has to be: where it holds a borrow, which the key must own, or a float, which has
//! no `Eq`. All else is a leaf, and the compiler is asked what it can do.

use std::cell::OnceCell;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, Path, PathArguments, Type};

use crate::types;

/// See the module's words.
pub(crate) enum Shape {
    Leaf(Box<Leaf>),
    /// `&T`.
    Ref(Box<Shape>),
    /// What is behind a reference, and has parts.
    Behind(Box<Shape>),
    Option(Box<Shape>),
    Cow(Box<Shape>),
    /// `Box<T>` and `Arc<T>`.
    Pointer(Box<Shape>),
    Slice(Box<Shape>),
    List(Box<Shape>),
    Array(Box<Shape>),
    Tuple(Vec<Shape>),
}

/// A type that is compared as a whole.
pub(crate) struct Leaf {
    pub(crate) ty: Type,
    /// Whether it lies behind a reference, and so need not be sized.
    pub(crate) behind: bool,
    /// Whether it is written as an argument of another type.
    pub(crate) is_argument: bool,
    /// Whether it is surely fit for a key, once that has been looked into.
    pub(crate) is_plain: OnceCell<bool>,
}

impl Shape {
    /// The shape of an argument of this type.
    ///
    /// # Errors
    /// The part of it that holds a borrow nobody can look into.
    pub(crate) fn of(ty: &Type) -> Result<Self, Box<Type>> {
        let boxed = |ty| Self::of(ty).map(Box::new);
        let argument = |ty| Self::of(ty).map(|shape| Box::new(shape.nested()));
        match types::peel(ty) {
            Type::Reference(reference) if reference.mutability.is_none() => {
                Ok(Self::Ref(Box::new(Self::behind(&reference.elem)?)))
            }
            ty if !has_parts(ty) => Ok(Self::leaf(ty, false)),
            Type::Tuple(tuple) if tuple.elems.len() <= 16 => {
                tuple.elems.iter().map(Self::of).collect::<Result<_, _>>().map(Self::Tuple)
            }
            Type::Array(array) => boxed(&array.elem).map(Self::Array),
            Type::Path(path) if path.qself.is_none() => match generic(&path.path) {
                Some((name, inner)) if name == "Option" => argument(inner).map(Self::Option),
                Some((name, inner)) if name == "Vec" => argument(inner).map(Self::List),
                Some((name, inner)) if name == "Cow" => {
                    Ok(Self::Cow(Box::new(Self::behind(inner)?.nested())))
                }
                Some((name, inner)) if name == "Box" || name == "Arc" => {
                    Ok(Self::Pointer(Box::new(Self::behind(inner)?.nested())))
                }
                _ => Self::opaque(ty, false),
            },
            ty => Self::opaque(ty, false),
        }
    }

    /// The shape of what a reference points at.
    fn behind(ty: &Type) -> Result<Self, Box<Type>> {
        match types::peel(ty) {
            ty if !has_parts(ty) => Ok(Self::leaf(ty, true)),
            Type::Slice(slice) => Ok(Self::Slice(Box::new(Self::of(&slice.elem)?))),
            ty @ (Type::Tuple(_) | Type::Array(_) | Type::Reference(_)) => {
                Ok(Self::Behind(Box::new(Self::of(ty)?)))
            }
            ty @ Type::Path(path)
                if generic(&path.path).is_some_and(|(name, _)| TAKEN_APART.contains(&&*name)) =>
            {
                Ok(Self::Behind(Box::new(Self::of(ty)?)))
            }
            ty => Self::opaque(ty, true),
        }
    }

    fn leaf(ty: &Type, behind: bool) -> Self {
        Self::Leaf(Box::new(Leaf { ty: ty.clone(), behind, is_argument: false, is_plain: OnceCell::new() }))
    }

    fn opaque(ty: &Type, behind: bool) -> Result<Self, Box<Type>> {
        if types::borrows(ty) { Err(Box::new(ty.clone())) } else { Ok(Self::leaf(ty, behind)) }
    }

    /// The shape of what is written as an argument of another type.
    fn nested(mut self) -> Self {
        self.mark();
        self
    }

    fn mark(&mut self) {
        match self {
            Self::Leaf(leaf) => leaf.is_argument = true,
            Self::Tuple(parts) => parts.iter_mut().for_each(Self::mark),
            Self::Pointer(inner)
            | Self::Ref(inner)
            | Self::Behind(inner)
            | Self::Option(inner)
            | Self::Cow(inner)
            | Self::Slice(inner)
            | Self::List(inner)
            | Self::Array(inner) => inner.mark(),
        }
    }

    /// All leaves, from left to right.
    pub(crate) fn leaves(&self) -> Vec<&Leaf> {
        match self {
            Self::Leaf(leaf) => vec![leaf],
            Self::Tuple(parts) => parts.iter().flat_map(Self::leaves).collect(),
            Self::Ref(inner)
            | Self::Behind(inner)
            | Self::Option(inner)
            | Self::Cow(inner)
            | Self::Pointer(inner)
            | Self::Slice(inner)
            | Self::List(inner)
            | Self::Array(inner) => inner.leaves(),
        }
    }

    /// The shape as the library names it; each leaf as `leaf` writes it.
    pub(crate) fn write(&self, krate: &Path, leaf: &mut dyn FnMut(&Leaf) -> TokenStream) -> TokenStream {
        let (name, inner) = match self {
            Self::Leaf(own) => return leaf(own),
            Self::Tuple(parts) => {
                let parts = parts.iter().map(|part| part.write(krate, leaf)).collect::<Vec<_>>();
                return quote!((#(#parts,)*));
            }
            Self::Ref(inner) => ("RefTo", inner),
            Self::Behind(inner) => ("Behind", inner),
            Self::Option(inner) => ("OptionOf", inner),
            Self::Cow(inner) => ("CowOf", inner),
            Self::Pointer(inner) => ("PointerOf", inner),
            Self::Slice(inner) => ("SliceOf", inner),
            Self::List(inner) => ("ListOf", inner),
            Self::Array(inner) => ("ArrayOf", inner),
        };
        let (name, inner) = (quote::format_ident!("{name}"), inner.write(krate, leaf));
        quote!(#krate::__private::#name<#inner>)
    }
}

const TAKEN_APART: &[&str] = &["Option", "Vec", "Cow", "Box", "Arc"];

/// Whether a type has to be taken apart if it can be.
fn has_parts(ty: &Type) -> bool {
    let is_function = matches!(ty, Type::BareFn(_) | Type::TraitObject(_));
    !is_float(ty) && !is_function && (types::borrows(ty) || holds_float(ty))
}

fn is_float(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("f32") || path.path.is_ident("f64"))
}

/// Whether there is a float in a type that can be taken apart so far.
fn holds_float(ty: &Type) -> bool {
    match types::peel(ty) {
        Type::Reference(reference) => holds_float(&reference.elem),
        Type::Slice(slice) => holds_float(&slice.elem),
        Type::Array(array) => holds_float(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(holds_float),
        Type::Path(path) => {
            let inner = generic(&path.path).filter(|(name, _)| TAKEN_APART.contains(&&**name));
            let is_float =
                path.path.segments.last().is_some_and(|last| last.ident == "f32" || last.ident == "f64");
            is_float || inner.is_some_and(|(_, inner)| holds_float(inner))
        }
        _ => false,
    }
}

/// The last name of a path, and the last type it is given: `("Option", T)` for `std::option::Option<T>`.
fn generic(path: &Path) -> Option<(String, &Type)> {
    let last = path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    let inner = arguments.args.iter().rev().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })?;
    Some((last.ident.to_string(), inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(ty: &str) -> String {
        let ty: Type = syn::parse_str(ty).unwrap();
        let krate: Path = syn::parse_quote!(c);
        let mut leaf = |leaf: &Leaf| {
            let (ty, behind) = (&leaf.ty, leaf.behind.then(|| quote!(?)));
            quote!(#behind #ty)
        };
        match Shape::of(&ty) {
            Ok(shape) => {
                shape.write(&krate, &mut leaf).to_string().replace(' ', "").replace("c::__private::", "")
            }
            Err(ty) => format!("!{}", quote!(#ty)),
        }
    }

    #[test]
    fn only_what_borrows_or_floats_is_taken_apart() {
        assert_eq!(shape("u8"), "u8");
        assert_eq!(shape("f64"), "f64");
        assert_eq!(shape("Vec<Option<u8>>"), "Vec<Option<u8>>");
        assert_eq!(shape("&str"), "RefTo<?str>");
        assert_eq!(shape("&[u8]"), "RefTo<?[u8]>");
        assert_eq!(shape("&'static str"), "RefTo<?str>");
        assert_eq!(shape("Option<&'static str>"), "Option<&'staticstr>");
        assert_eq!(shape("Option<&str>"), "OptionOf<RefTo<?str>>");
        assert_eq!(shape("Cow<'_, str>"), "CowOf<?str>");
        assert_eq!(shape("&[&str]"), "RefTo<SliceOf<RefTo<?str>>>");
        assert_eq!(shape("&&str"), "RefTo<Behind<RefTo<?str>>>");
        assert_eq!(shape("(f64, u8)"), "(f64,u8,)");
        assert_eq!(shape("&[(f32, f32)]"), "RefTo<SliceOf<(f32,f32,)>>");
        assert_eq!(shape("[Option<f64>; 3]"), "ArrayOf<OptionOf<f64>>");
        assert_eq!(shape("&Option<Vec<&str>>"), "RefTo<Behind<OptionOf<ListOf<RefTo<?str>>>>>");
        assert_eq!(shape("Arc<[f64]>"), "PointerOf<SliceOf<f64>>");
        assert_eq!(shape("&Box<f64>"), "RefTo<Behind<PointerOf<?f64>>>");
        assert_eq!(shape("Arc<str>"), "Arc<str>");
        assert_eq!(shape("fn(&str, f64) -> &str"), "fn(&str,f64)->&str");
        assert_eq!(shape("Vec<Range<f64>>"), "Vec<Range<f64>>");
        assert_eq!(shape("(f64, Range<f64>)"), "(f64,Range<f64>,)");
    }

    #[test]
    fn a_borrow_that_nobody_can_look_into_is_pointed_at() {
        assert_eq!(shape("Query<'_>"), "!Query < '_ >");
        assert_eq!(shape("Option<Query<'a>>"), "!Query < 'a >");
        assert_eq!(shape("HashMap<u8, f64>"), "HashMap<u8,f64>");
    }
}
