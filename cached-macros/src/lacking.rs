//! A type that is given what lacks what it asks for, as in `Page<String>` of `struct Page<Q: Copy>(Q)`. The compiler says so of the
//! head, and it would say it again of each thing beside it. For errors alone, and only where it is sure: what a parameter has is in
//! its bounds, and what the standard library's types have not is in the tables here.

use syn::{
    GenericArgument, GenericParam, Generics, Path, PathArguments, TraitBoundModifier, Type, TypeParam,
    TypeParamBound,
};

use crate::generics::Bounds;
use crate::model::Model;
use crate::module::{self, Declared};
use crate::unsized_types::has_no_size;
use crate::{outside, types};

/// Whether the type of a function's block is such a one.
pub(crate) fn is_in_block(model: &Model<'_>) -> bool {
    model.own_block().is_some_and(|block| is_in(&block.self_ty, model))
}

/// Whether a type in the head of a function is such a one.
pub(crate) fn is_in(ty: &Type, model: &Model<'_>) -> bool {
    let function = model.item.sig.fn_token.span;
    let path = match types::peel(ty) {
        Type::Reference(reference) => return is_in(&reference.elem, model),
        Type::Slice(slice) => return is_in(&slice.elem, model),
        Type::Array(array) => return is_in(&array.elem, model),
        Type::Tuple(tuple) => return tuple.elems.iter().any(|elem| is_in(elem, model)),
        Type::Path(path) if path.qself.is_none() => &path.path,
        _ => return false,
    };
    let given = outside::arguments(path);
    if given.is_empty() || given.iter().any(|ty| is_in(ty, model)) {
        return !given.is_empty();
    }
    let Some(PathArguments::AngleBracketed(given)) = path.segments.last().map(|last| &last.arguments) else {
        return false;
    };
    let Some(declared) = module::declared(path, function) else { return false };
    let params = declared.generics.params.iter().filter(|param| !matches!(param, GenericParam::Lifetime(_)));
    let given = given.args.iter().filter(|given| !matches!(given, GenericArgument::Lifetime(_)));
    params.zip(given).any(|pair| match pair {
        (GenericParam::Type(asks), GenericArgument::Type(ty)) => lacks_any(ty, asks, &declared, model),
        _ => false,
    })
}

fn lacks_any(ty: &Type, asks: &TypeParam, declared: &Declared, model: &Model<'_>) -> bool {
    let bounds = declared.bounds_of(asks);
    let may_lack_a_size = |bound: &&TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => matches!(bound.modifier, TraitBoundModifier::Maybe(_)),
        _ => false,
    };
    if has_no_size(ty, model.item.sig.fn_token.span) {
        return !bounds.iter().any(may_lack_a_size);
    }
    bounds.iter().any(|bound| {
        is_parameter_without(ty, bound, model)
            || declared.standard(bound).iter().any(|name| lacks(ty, name, model))
    })
}

/// Whether this is a parameter without this bound.
fn is_parameter_without(ty: &Type, bound: &TypeParamBound, model: &Model<'_>) -> bool {
    let Type::Path(path) = types::peel(ty) else { return false };
    let own = &model.item.sig.generics;
    model.all_generics().any(|generics| {
        let found = generics.type_params().find(|param| path.path.is_ident(&param.ident));
        // What a method asks of a parameter of its block stands in a clause of its own.
        let is_said_twice = !std::ptr::eq(generics, own) && own.where_clause.is_some();
        let bounds = found.map(|param| Bounds::of(param, generics, model.item.sig.fn_token.span));
        !is_said_twice && bounds.is_some_and(|bounds| bounds.lack(bound))
    })
}

/// What a type has not, and what it has as far as the first of its arguments have it, if it takes any.
struct Known(&'static str, &'static str, &'static str, usize);

/// Types of the standard library.
const KNOWN: &[Known] = &[
    Known("boxed::Box", "Copy", "Clone Debug Default Display Eq Hash Ord PartialEq PartialOrd Send Sync", 1),
    Known("cell::Cell", "Copy Display Hash Sync", "Default Eq Ord PartialEq PartialOrd Send", 1),
    Known(
        "cell::RefCell",
        "Copy Display Hash Sync",
        "Clone Debug Default Eq Ord PartialEq PartialOrd Send",
        1,
    ),
    Known("collections::BTreeMap", "Copy Display", ALIKE, 2),
    Known("collections::BTreeSet", "Copy Display", ALIKE, 1),
    Known(
        "collections::BinaryHeap",
        "Copy Display Eq Hash Ord PartialEq PartialOrd",
        "Clone Debug Send Sync",
        1,
    ),
    Known(
        "collections::HashMap",
        "Copy Display Hash Ord PartialOrd",
        "Clone Debug Eq PartialEq Send Sync",
        2,
    ),
    Known(
        "collections::HashSet",
        "Copy Display Hash Ord PartialOrd",
        "Clone Debug Eq PartialEq Send Sync",
        1,
    ),
    Known("collections::LinkedList", "Copy Display", ALIKE, 1),
    Known("collections::VecDeque", "Copy Display", ALIKE, 1),
    Known("ffi::CString", "Copy Display", "", 0),
    Known("ffi::OsString", "Copy Display", "", 0),
    Known("fs::File", "Clone Copy Default Display Eq Hash Ord PartialEq PartialOrd", "", 0),
    Known("option::Option", "Display", ALIKE_AND_COPY, 1),
    Known("path::PathBuf", "Copy Display", "", 0),
    Known("rc::Rc", "Copy Send Sync", "Debug Default Display Eq Hash Ord PartialEq PartialOrd", 1),
    Known("result::Result", "Default Display", ALIKE_AND_COPY, 2),
    Known("string::String", "Copy", "", 0),
    Known("sync::Arc", "Copy", "Debug Default Display Eq Hash Ord PartialEq PartialOrd Send Sync", 1),
    Known("sync::Mutex", "Clone Copy Display Eq Hash Ord PartialEq PartialOrd", "Debug Default Send", 1),
    Known("sync::RwLock", "Clone Copy Display Eq Hash Ord PartialEq PartialOrd", "Debug Default Send", 1),
    Known("time::Duration", "Display", "", 0),
    Known("time::Instant", "Default Display", "", 0),
    Known("time::SystemTime", "Default Display", "", 0),
    Known("vec::Vec", "Copy Display", ALIKE, 1),
];

const ALIKE: &str = "Clone Debug Eq Hash Ord PartialEq PartialOrd Send Sync";
const ALIKE_AND_COPY: &str = "Clone Copy Debug Eq Hash Ord PartialEq PartialOrd Send Sync";
const THROUGH_A_REFERENCE: &str = "Debug Display Eq Hash Ord PartialEq PartialOrd";

/// Whether a type in the head of a function surely has not this trait of the standard library.
fn lacks(ty: &Type, name: &str, model: &Model<'_>) -> bool {
    let is_of = |names: &str| names.split(' ').any(|own| own == name);
    let part = |ty: &Type| lacks(ty, name, model);
    match types::peel(ty) {
        Type::Tuple(tuple) => {
            is_of("Display") || ((is_of(ALIKE_AND_COPY) || is_of("Default")) && tuple.elems.iter().any(part))
        }
        Type::Array(array) => is_of("Display") || (is_of(ALIKE_AND_COPY) && part(&array.elem)),
        Type::Slice(slice) => is_of("Display") || (is_of(ALIKE) && part(&slice.elem)),
        Type::Ptr(_) => is_of("Default Display Send Sync"),
        Type::BareFn(_) => is_of("Default Display"),
        Type::Reference(reference) if reference.mutability.is_some() => {
            is_of("Clone Copy")
                || ((is_of(THROUGH_A_REFERENCE) || is_of("Send Sync")) && part(&reference.elem))
        }
        Type::Reference(reference) => {
            (is_of(THROUGH_A_REFERENCE) && part(&reference.elem))
                || (is_of("Send Sync") && lacks(&reference.elem, "Sync", model))
        }
        Type::Path(path) if path.qself.is_none() => lacks_by_name(&path.path, name, model),
        _ => false,
    }
}

fn lacks_by_name(path: &Path, name: &str, model: &Model<'_>) -> bool {
    let is_of = |names: &str| names.split(' ').any(|own| own == name);
    let is_param = |generics: &Generics| generics.type_params().any(|param| path.is_ident(&param.ident));
    if model.all_generics().any(is_param) {
        let (ty, bound) = (syn::parse_quote!(#path), syn::parse_str(name));
        return bound.is_ok_and(|bound| is_parameter_without(&ty, &bound, model));
    }
    let function = model.item.sig.fn_token.span;
    if path.is_ident("f32") || path.is_ident("f64") {
        return is_of("Eq Hash Ord") && module::leaves("f64", function) && module::leaves("f32", function);
    }
    let known = KNOWN.iter().find(|known| outside::is(known.0, path, function));
    let Some(Known(full, never, through, count)) = known else { return false };
    let part = |ty: &&Type| {
        lacks(ty, name, model)
            || (*full == "sync::Arc"
                && is_of("Send Sync")
                && (lacks(ty, "Send", model) || lacks(ty, "Sync", model)))
    };
    is_of(never) || (is_of(through) && outside::arguments(path).iter().take(*count).any(part))
}
