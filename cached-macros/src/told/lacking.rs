//! A type that is given what lacks what it asks for, as in `Page<String>` of `struct Page<Q: Copy>(Q)`. The compiler says so of the
//! head, and it would say it again of each thing beside it. For errors alone, and only where it is sure: what a parameter has is in
//! its bounds, and what the standard library's types have not is in the tables here.

use proc_macro2::Span;
use syn::{
    GenericArgument, GenericParam, Path, PathArguments, QSelf, ReturnType, TraitBoundModifier, Type,
    TypeParamBound,
};

use crate::fit;
use crate::generics::{Bounds, Names};
use crate::model::Model;
use crate::sources::declared::{Attr, Declared};
use crate::sources::implementors::Files;
use crate::sources::module::{self, Seen};
use crate::sources::outside;
use crate::told::{conversions, dyns};
use crate::types;
use crate::unsized_types::has_no_size;

/// How many names of names are followed.
const FAR: u8 = 8;

/// Whether the type of a function's block is such a one.
pub(crate) fn is_in_block(model: &Model<'_>) -> bool {
    model.own_block().is_some_and(|block| is_in(&block.self_ty, model))
}

/// Whether a type in the head of a function is such a one.
pub(crate) fn is_in(ty: &Type, model: &Model<'_>) -> bool {
    is_within(ty, model, FAR)
}

fn is_within(ty: &Type, model: &Model<'_>, far: u8) -> bool {
    let function = model.item.sig.fn_token.span;
    let path = match types::peel(ty) {
        Type::Reference(reference) => return is_within(&reference.elem, model, far),
        Type::Slice(slice) => return is_within(&slice.elem, model, far),
        Type::Array(array) => return is_within(&array.elem, model, far),
        Type::Tuple(tuple) => return tuple.elems.iter().any(|elem| is_within(elem, model, far)),
        Type::BareFn(function) => {
            let returned = match &function.output {
                ReturnType::Type(_, ty) => Some(&**ty),
                ReturnType::Default => None,
            };
            let mut types = function.inputs.iter().map(|input| &input.ty).chain(returned);
            return types.any(|ty| is_within(ty, model, far));
        }
        Type::TraitObject(object) => return dyns::is_none(object, function),
        Type::Path(path) => match &path.qself {
            None => &path.path,
            Some(own) => {
                return is_within(&own.ty, model, far) || is_of_a_trait_that_it_lacks(own, &path.path, model);
            }
        },
        _ => return false,
    };
    if let Some(meant) = module::other_name(path, function) {
        return far > 0 && is_within(&meant, model, far - 1);
    }
    let given = types::arguments(path);
    if given.is_empty() || given.iter().any(|ty| is_within(ty, model, far)) {
        return !given.is_empty();
    }
    let Some(PathArguments::AngleBracketed(given)) = path.segments.last().map(|last| &last.arguments) else {
        return false;
    };
    let Some(declared) = module::declared(path, function) else {
        return is_known_for_what_lacks(path, model);
    };
    if declared.head.asks_nothing && !given.args.iter().any(|given| has_no_size_given(given, function)) {
        return false;
    }
    let generics = declared.generics();
    let params = generics.params.iter().filter(|param| !matches!(param, GenericParam::Lifetime(_)));
    let given = given.args.iter().filter(|given| !matches!(given, GenericArgument::Lifetime(_)));
    params.zip(given).any(|pair| match pair {
        (GenericParam::Type(asks), GenericArgument::Type(ty)) => {
            lacks_any(ty, &Declared::bounds_of(asks, &generics), &declared, model)
        }
        _ => false,
    })
}

fn has_no_size_given(given: &GenericArgument, function: Span) -> bool {
    matches!(given, GenericArgument::Type(ty) if has_no_size(ty, function))
}

fn lacks_any(ty: &Type, bounds: &[&TypeParamBound], declared: &Declared, model: &Model<'_>) -> bool {
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
            || declared.own_trait(bound).is_some_and(|name| lacks_own(ty, &name, model))
            || conversions::lacks(ty, bound, declared, model)
    })
}

/// Whether this is `<Name as Trait>::Out`, and the type has no such trait.
fn is_of_a_trait_that_it_lacks(own: &QSelf, path: &Path, model: &Model<'_>) -> bool {
    let segments = path.segments.iter().take(own.position).cloned().collect();
    let of_trait = Path { leading_colon: path.leading_colon, segments };
    let function = model.item.sig.fn_token.span;
    let bound = syn::parse_quote!(#of_trait);
    let seen = Seen::from(function);
    match seen.trait_of(&bound) {
        Some((of_trait, _)) => lacks_own(&own.ty, &of_trait.ident.to_string(), model),
        None => seen.standard_trait(&bound).is_some_and(|name| lacks(&own.ty, &name, model)),
    }
}

/// What types of the standard library ask of the first of their types.
const ASKED: &[(&str, &str)] = &[
    ("borrow::Cow", "ToOwned"),
    ("iter::Enumerate", "Iterator"),
    ("iter::Fuse", "Iterator"),
    ("iter::Peekable", "Iterator"),
    ("iter::Rev", "Iterator"),
    ("iter::Skip", "Iterator"),
    ("iter::Take", "Iterator"),
    ("num::NonZero", "NonZero"),
];

/// Whether this is a type of the standard library that is given what lacks what it asks for.
fn is_known_for_what_lacks(path: &Path, model: &Model<'_>) -> bool {
    let function = model.item.sig.fn_token.span;
    let given = types::arguments(path);
    let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    if !ASKED.iter().any(|(full, _)| full.rsplit("::").next() == Some(name.as_str())) {
        return false;
    }
    let (Some(first), Some(full)) = (given.first(), outside::full_name(path, function)) else { return false };
    let asked = ASKED.iter().find(|(name, _)| *name == full);
    asked.is_some_and(|(_, asked)| match types::peel(first) {
        Type::Path(path) if *asked == "ToOwned" => {
            module::declared(&path.path, function).is_some_and(|own| {
                ["Clone", "ToOwned"].iter().all(|name| is_declared_without(&own, name, function))
            })
        }
        Type::Path(path) if *asked == "NonZero" => {
            known(&path.path, function).is_some()
                || module::declared(&path.path, function).is_some()
                || (is_primitive(&path.path, function)
                    && ["bool", "f32", "f64"].iter().any(|name| path.path.is_ident(name)))
        }
        _ => lacks(first, asked, model),
    })
}

/// Whether a type is put together from one of the standard library that is never hashed or compared, whatever it is of.
pub(super) fn is_of_what_is_no_key(ty: &Type, model: &Model<'_>) -> bool {
    const ASKED: &[&str] = &["Hash", "Eq"];
    // Of a tuple with more parts the standard library knows nothing.
    let is_long = |ty: &Type| matches!(types::peel(ty), Type::Tuple(tuple) if tuple.elems.len() > 12);
    if types::any_part(ty, &is_long) {
        return true;
    }
    let function = model.item.sig.fn_token.span;
    fit::compared(model, ty).iter().filter_map(|part| syn::parse_str(part).ok()).any(|part| match part {
        Type::Path(path) if path.qself.is_none() => known(&path.path, function)
            .is_some_and(|Known(_, never, ..)| never.split(' ').any(|own| ASKED.contains(&own))),
        Type::TraitObject(object) => is_of_std(&object, function),
        _ => false,
    })
}

/// The types of this crate that a type is put together from, and that have not all of these traits.
pub(super) fn own_without(
    ty: &Type,
    names: &[&str],
    params: &Names,
    model: &Model<'_>,
) -> impl Iterator<Item = Declared> {
    let function = model.item.sig.fn_token.span;
    let is_param = |path: &Path| path.segments.first().is_some_and(|first| params.are_in(&first.ident));
    let (all, held) = (fit::compared(model, ty), fit::held(model, ty));
    all.into_iter().filter_map(move |part| {
        let own = module::declared(&syn::parse_str(&part).ok().filter(|path| !is_param(path))?, function)?;
        // What is behind a reference, or shared, is not cloned with it.
        let asked = names.iter().filter(|&&name| name != "Clone" || held.contains(&part));
        let mut asked = asked.filter(|name| is_declared_without(&own, name, function));
        asked.next().is_some().then_some(own)
    })
}

/// Whether a type is put together from one of the crate that derives one of these, and is given a parameter which lacks that.
pub(super) fn derives_of_what_lacks(ty: &Type, names: &[&str], model: &Model<'_>) -> bool {
    // Most functions have no parameters of types, nor has their block.
    if model.all_generics().all(|generics| generics.type_params().next().is_none()) {
        return false;
    }
    let function = model.item.sig.fn_token.span;
    fit::compared(model, ty).iter().filter_map(|part| syn::parse_str::<Path>(part).ok()).any(|path| {
        let given = types::arguments(&path);
        let params: Vec<_> = given.into_iter().filter(|ty| is_open(ty, model)).collect();
        let lack = |name: &&str| params.iter().any(|param| lacks(param, name, model));
        !params.is_empty()
            && module::declared(&path, function).is_some_and(|own| {
                let derived = names.iter().filter(|name| own.head.derives(name));
                own.head.asks_nothing && derived.into_iter().any(lack)
            })
    })
}

/// Whether a type is a parameter.
fn is_open(ty: &Type, model: &Model<'_>) -> bool {
    matches!(types::peel(ty), Type::Path(path) if path.qself.is_none() && is_parameter(&path.path, model))
}

/// Whether a type in the head of a function surely has not this trait of its crate.
fn lacks_own(ty: &Type, of_trait: &str, model: &Model<'_>) -> bool {
    let function = model.item.sig.fn_token.span;
    let path = match types::peel(ty) {
        Type::Path(path) if path.qself.is_none() => &path.path,
        Type::Array(_)
        | Type::BareFn(_)
        | Type::Ptr(_)
        | Type::Reference(_)
        | Type::Slice(_)
        | Type::Tuple(_) => {
            return Files::around(function).is_some_and(|files| files.have_none(of_trait, None));
        }
        _ => return false,
    };
    if is_parameter(path, model) {
        return is_any_parameter(path, model, &|bounds| bounds.lack_own(of_trait))
            && Files::around(function).is_some_and(|files| files.have_none_for_all(of_trait));
    }
    name_of(path, function).is_some_and(|name| {
        Files::around(function).is_some_and(|files| files.have_none(of_trait, Some(&name)))
    })
}

/// The name under which a type is declared.
fn name_of(path: &Path, function: Span) -> Option<String> {
    let primitive = path.get_ident().map(ToString::to_string);
    primitive
        .filter(|_| is_primitive(path, function))
        .or_else(|| known(path, function)?.0.rsplit("::").next().map(str::to_owned))
        .or_else(|| Some(module::declared(path, function)?.head.name.clone()))
}

fn is_primitive(path: &Path, function: Span) -> bool {
    let name = path.get_ident().map(ToString::to_string);
    name.is_some_and(|name| types::PRIMITIVES.contains(&name.as_str()) && module::leaves(&name, function))
}

fn known(path: &Path, function: Span) -> Option<&'static Known> {
    let full = outside::full_name(path, function)?;
    KNOWN.iter().find(|known| known.0 == full)
}

/// Of other libraries, and of nothing that is asked for here.
const DERIVED_BY_OTHERS: &[&str] = &["Deserialize", "JsonSchema", "Serialize"];

/// Traits that types derive.
pub(super) const DERIVED: &[&str] =
    &["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];

/// Whether a type of this crate is only what it is seen to be: nothing else derives something for it.
pub(super) fn derives_what_is_known(own: &Declared) -> bool {
    own.head.attrs.iter().all(|attr| is_harmless(attr, None))
}

/// Whether this is a type of the standard library that is made into no `String`.
pub(super) fn is_no_text(path: &Path, function: Span) -> bool {
    const TEXTS: &[&str] = &["boxed::Box", "string::String"];
    let is_other = |known: &Known| !TEXTS.contains(&known.0);
    (is_primitive(path, function) && !path.is_ident("char")) || known(path, function).is_some_and(is_other)
}

/// Whether an attribute of a type implements nothing for it but what is known, and not this.
fn is_harmless(attr: &Attr, name: Option<&str>) -> bool {
    let is_other = |derived: &String| {
        let last = derived.rsplit("::").next().unwrap_or_default();
        [DERIVED, DERIVED_BY_OTHERS].iter().any(|names| names.contains(&last)) && Some(last) != name
    };
    let derives_others = attr.derives.as_ref().is_some_and(|derives| derives.iter().all(is_other));
    let is_conditional = attr.path == "cfg_attr" && name.is_some_and(|name| !attr.mentions(name));
    derives_others
        || is_conditional
        || attr.is_silent
        || ["non_exhaustive", "repr", "serde"].contains(&attr.path.as_str())
}

/// Whether a type of this crate has not this trait of the standard library: it is not derived, and nobody implements it, or a field stands in the way.
pub(super) fn is_declared_without(own: &Declared, name: &str, function: Span) -> bool {
    const OTHERS: &[&str] =
        &["Add", "AsRef", "Deref", "Display", "Div", "Error", "FromStr", "Iterator", "Mul", "Sub", "ToOwned"];
    if ["Send", "Sync"].contains(&name) {
        return is_bound_to_a_thread(own, name, function);
    }
    (DERIVED.contains(&name) || OTHERS.contains(&name))
        && own.head.attrs.iter().all(|attr| is_harmless(attr, Some(name)))
        && Files::around(function).is_some_and(|files| files.have_none_of_foreign(name, &own.head.name))
}

/// Whether a type of this crate holds what is not `Send` or `Sync`, and nobody says that it is nevertheless.
fn is_bound_to_a_thread(own: &Declared, name: &str, function: Span) -> bool {
    own.head.params + own.head.lifetimes == 0
        && own.fields().iter().any(|ty| stays_on_its_thread(ty, name, function))
        && Files::around(function).is_some_and(|files| files.have_none_of_foreign(name, &own.head.name))
}

fn stays_on_its_thread(ty: &Type, name: &str, function: Span) -> bool {
    match types::peel(ty) {
        Type::Ptr(_) => true,
        Type::Tuple(tuple) => tuple.elems.iter().any(|elem| stays_on_its_thread(elem, name, function)),
        Type::Array(array) => stays_on_its_thread(&array.elem, name, function),
        Type::Path(path) if path.qself.is_none() => {
            known(&path.path, function).is_some_and(|Known(_, never, through, _)| {
                let is_of = |names: &str| names.split(' ').any(|own| own == name);
                let given = types::arguments(&path.path);
                is_of(never)
                    || (is_of(through) && given.iter().any(|ty| stays_on_its_thread(ty, name, function)))
            })
        }
        _ => false,
    }
}

/// Whether this is a parameter without this bound.
fn is_parameter_without(ty: &Type, bound: &TypeParamBound, model: &Model<'_>) -> bool {
    match types::peel(ty) {
        Type::Path(path) => is_any_parameter(&path.path, model, &|bounds| bounds.lack(bound)),
        _ => false,
    }
}

pub(super) fn is_parameter(path: &Path, model: &Model<'_>) -> bool {
    model.all_generics().any(|generics| generics.type_params().any(|param| path.is_ident(&param.ident)))
}

/// Whether this is a parameter, and its bounds are such.
pub(super) fn is_any_parameter(path: &Path, model: &Model<'_>, are_such: &dyn Fn(&Bounds) -> bool) -> bool {
    let own = &model.item.sig.generics;
    model.all_generics().any(|generics| {
        let found = generics.type_params().find(|param| path.is_ident(&param.ident));
        // What a method asks of a parameter of its block stands in a clause of its own.
        let is_said_twice = !std::ptr::eq(generics, own) && own.where_clause.is_some();
        let bounds = found.map(|param| Bounds::of(param, generics, model.item.sig.fn_token.span));
        !is_said_twice && bounds.is_some_and(|bounds| are_such(&bounds))
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
    Known("io::Error", "Clone Copy Default Eq Hash Ord PartialEq PartialOrd", "", 0),
    Known("option::Option", "Display", ALIKE_AND_COPY, 1),
    Known("path::PathBuf", "Copy Display", "", 0),
    Known("rc::Rc", "Copy Send Sync", "Debug Default Display Eq Hash Ord PartialEq PartialOrd", 1),
    Known("result::Result", "Default Display", ALIKE_AND_COPY, 2),
    Known("string::String", "Copy", "", 0),
    Known("sync::Arc", "Copy", "Debug Default Display Eq Hash Ord PartialEq PartialOrd Send Sync", 1),
    Known("sync::Mutex", "Clone Copy Display Eq Hash Ord PartialEq PartialOrd", "Debug Default Send", 1),
    Known("sync::RwLock", "Clone Copy Display Eq Hash Ord PartialEq PartialOrd", "Debug Default Send", 1),
    Known("sync::atomic::AtomicBool", ATOMIC, "", 0),
    Known("sync::atomic::AtomicU32", ATOMIC, "", 0),
    Known("sync::atomic::AtomicU64", ATOMIC, "", 0),
    Known("sync::atomic::AtomicUsize", ATOMIC, "", 0),
    Known("thread::JoinHandle", "Clone Copy Default Display Eq Hash Ord PartialEq PartialOrd", "", 0),
    Known("time::Duration", "Display", "", 0),
    Known("time::Instant", "Default Display", "", 0),
    Known("time::SystemTime", "Default Display", "", 0),
    Known("vec::Vec", "Copy Display", ALIKE, 1),
];

const ATOMIC: &str = "Clone Copy Display Eq Hash Ord PartialEq PartialOrd";
const ALIKE: &str = "Clone Debug Eq Hash Ord PartialEq PartialOrd Send Sync";
const ALIKE_AND_COPY: &str = "Clone Copy Debug Eq Hash Ord PartialEq PartialOrd Send Sync";
const THROUGH_A_REFERENCE: &str = "Debug Display Eq Hash Ord PartialEq PartialOrd";

/// Whether a type in the head of a function surely has not this trait of the standard library.
pub(crate) fn lacks(ty: &Type, name: &str, model: &Model<'_>) -> bool {
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
        Type::TraitObject(object) => {
            is_of("Clone Copy Eq Hash Ord PartialEq PartialOrd")
                && is_of_std(object, model.item.sig.fn_token.span)
        }
        Type::Path(path) if path.qself.is_none() => lacks_by_name(&path.path, name, model),
        _ => false,
    }
}

/// Whether these are objects of a trait for which nobody but the standard library can implement anything.
fn is_of_std(object: &syn::TypeTraitObject, function: Span) -> bool {
    const CLOSURES: &[&str] = &["Fn", "FnMut", "FnOnce"];
    const TRAITS: &[&str] = &["Debug", "Display", "Error", "Iterator"];
    let Some(TypeParamBound::Trait(first)) = object.bounds.first() else { return false };
    let name = first.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    let is_seen = || {
        let bound = TypeParamBound::Trait(first.clone());
        Seen::from(function).standard_trait(&bound).is_some()
    };
    CLOSURES.contains(&name.as_str()) || (TRAITS.contains(&name.as_str()) && is_seen())
}

fn lacks_by_name(path: &Path, name: &str, model: &Model<'_>) -> bool {
    let is_of = |names: &str| names.split(' ').any(|own| own == name);
    if is_parameter(path, model) {
        let (ty, bound) = (syn::parse_quote!(#path), syn::parse_str(name));
        return bound.is_ok_and(|bound| is_parameter_without(&ty, &bound, model));
    }
    let function = model.item.sig.fn_token.span;
    if is_primitive(path, function) {
        let is_float = path.is_ident("f32") || path.is_ident("f64");
        return is_of("Iterator IntoIterator") || (is_float && is_of("Eq Hash Ord"));
    }
    let Some(Known(full, never, through, count)) = known(path, function) else {
        return module::declared(path, function).is_some_and(|own| is_declared_without(&own, name, function));
    };
    let part = |ty: &&Type| {
        lacks(ty, name, model)
            || (*full == "sync::Arc"
                && is_of("Send Sync")
                && (lacks(ty, "Send", model) || lacks(ty, "Sync", model)))
    };
    is_of(never)
        || (is_of("Iterator") && *full != "boxed::Box")
        || (is_of(through) && types::arguments(path).iter().take(*count).any(part))
}
