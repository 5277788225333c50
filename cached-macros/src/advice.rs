//! Types that are written so that the compiler, where it does not find one, gives the same advice at every place that speaks of it:
//! what it says twice in the same words, it says once.

use syn::{GenericArgument, Path, PathArguments, Type};

use crate::generics::Names;
use crate::types::{KNOWN, PRIMITIVES};

/// Writes `Query<>` for `Query`, where that is no argument of another type: what has arguments nobody takes for a parameter
/// that was forgotten. As an argument it may be taken for one in the head as well.
pub(crate) fn without_advice(ty: &mut Type, known: &Names) {
    spare(ty, known, false);
}

/// The same, also where it is an argument of another type: of a head that has parameters already.
pub(crate) fn without_any_advice(ty: &mut Type, known: &Names) {
    spare(ty, known, true);
}

fn spare(ty: &mut Type, known: &Names, deep: bool) {
    match ty {
        Type::Reference(reference) => spare(&mut reference.elem, known, deep),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| spare(elem, known, deep)),
        Type::Array(array) => spare(&mut array.elem, known, deep),
        Type::Slice(slice) => spare(&mut slice.elem, known, deep),
        Type::Paren(paren) => spare(&mut paren.elem, known, deep),
        Type::Group(group) => spare(&mut group.elem, known, deep),
        Type::BareFn(function) => {
            function.inputs.iter_mut().for_each(|input| spare(&mut input.ty, known, deep));
            if let syn::ReturnType::Type(_, ty) = &mut function.output {
                spare(ty, known, deep);
            }
        }
        Type::Path(path) if path.qself.is_none() => {
            let Some(name) = path.path.get_ident().map(ToString::to_string) else {
                if deep {
                    spare_arguments(&mut path.path, known);
                }
                return;
            };
            let is_sure = PRIMITIVES.contains(&name.as_str()) || KNOWN.contains(&name.as_str());
            if !is_sure && !known.are_in(&path.path) {
                let own = &mut path.path.segments[0];
                // At the name's place, as the type is what errors point at.
                own.arguments =
                    PathArguments::AngleBracketed(syn::parse_quote_spanned!(own.ident.span()=> <>));
            }
        }
        _ => {}
    }
}

fn spare_arguments(path: &mut Path, known: &Names) {
    let Some(last) = path.segments.last_mut() else { return };
    let takes_types = KNOWN.iter().any(|name| last.ident == name);
    let PathArguments::AngleBracketed(arguments) = &mut last.arguments else { return };
    // What may be a constant has no arguments.
    let is_type = |ty: &Type| {
        let name = |path: &Path| path.get_ident().map(ToString::to_string).unwrap_or_default();
        let is_loud = |path: &Path| !name(path).contains(char::is_lowercase);
        takes_types || !matches!(ty, Type::Path(path) if is_loud(&path.path))
    };
    for argument in &mut arguments.args {
        match argument {
            GenericArgument::Type(ty) if is_type(ty) => spare(ty, known, true),
            _ => {}
        }
    }
}
