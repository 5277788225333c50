//! What a type is put together from, as it is written.

use syn::{GenericArgument, Path, PathArguments, Type};

use super::peel;

/// The types that the last name of a path is given.
pub(crate) fn arguments(path: &Path) -> Vec<&Type> {
    let Some(PathArguments::AngleBracketed(arguments)) = path.segments.last().map(|last| &last.arguments)
    else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// Whether a type is one that is looked for, or is put together from one.
pub(crate) fn any_part(ty: &Type, is_it: &dyn Fn(&Type) -> bool) -> bool {
    is_it(ty)
        || match peel(ty) {
            Type::Reference(reference) => any_part(&reference.elem, is_it),
            Type::Tuple(tuple) => tuple.elems.iter().any(|elem| any_part(elem, is_it)),
            Type::Array(array) => any_part(&array.elem, is_it),
            Type::Slice(slice) => any_part(&slice.elem, is_it),
            Type::Path(path) if path.qself.is_none() => {
                arguments(&path.path).into_iter().any(|ty| any_part(ty, is_it))
            }
            _ => false,
        }
}

/// Whether it lends what is to be changed, as `Option<&mut T>` does.
pub(crate) fn lends_to_change(ty: &Type) -> bool {
    any_part(ty, &|part| matches!(peel(part), Type::Reference(own) if own.mutability.is_some()))
}
