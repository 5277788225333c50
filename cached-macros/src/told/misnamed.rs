//! Names in the head of a function that are surely not those of a type: the function's own, that of another one, `I::Itm` of what
//! declares no such type, `Size` for `Self::Size`, and one with arguments too many or too few. The compiler says so of the head. For errors alone.

use proc_macro2::Span;
use syn::{Generics, Path, Type, TypeParamBound, WherePredicate};

use crate::generics::Names;
use crate::model::{Model, Place};
use crate::sources::around;
use crate::sources::module::{self, Seen};
use crate::types;

/// Whether a type is such a name.
pub(crate) fn is_none(ty: &Type, model: &Model<'_>) -> bool {
    let path = match types::peel(ty) {
        Type::Path(path) if path.qself.is_none() && path.path.leading_colon.is_none() => &path.path,
        _ => return false,
    };
    let function = model.item.sig.fn_token.span;
    let declares = |generics: &Generics| generics.type_params().any(|param| path.is_ident(&param.ident));
    if model.all_generics().any(declares) {
        return false;
    }
    is_own_name(path, model)
        || holds_a_function(path, function)
        || module::has_other_arguments(path, function)
        || is_unknown_of_parameter(path, model, function)
        || is_declared_by_its_block(path, function)
        || is_declared_by_a_bound(path, model)
}

/// Whether the clause of a function speaks of a type that is surely none.
pub(crate) fn is_in_clause(model: &Model<'_>) -> bool {
    let clause = model.item.sig.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let function = model.item.sig.fn_token.span;
    let names = Names::of(model.all_generics());
    let is_nothing = |ty: &Type| match types::peel(ty) {
        Type::Path(path) => path.path.get_ident().is_some_and(|name| {
            let text = name.to_string();
            !is_everywhere(&text) && !names.declares(name) && module::has_none(&text, function)
        }),
        _ => false,
    };
    clause.into_iter().any(|predicate| match predicate {
        WherePredicate::Type(predicate) => {
            let bounds = predicate.bounds.iter().filter_map(|bound| match bound {
                TypeParamBound::Trait(bound) => Some(&bound.path),
                _ => None,
            });
            is_nothing(&predicate.bounded_ty)
                || bounds.flat_map(|path| types::arguments(path)).any(is_nothing)
        }
        _ => false,
    })
}

/// Whether the type of the function's block has an argument that is surely nothing: `impl Grid<T>` for `impl<T> Grid<T>`.
pub(crate) fn is_in_block(model: &Model<'_>) -> bool {
    let function = model.item.sig.fn_token.span;
    let Some(block) = model.own_block() else { return false };
    let Type::Path(own) = types::peel(&block.self_ty) else { return false };
    let names = Names::of([&block.generics]);
    let is_nothing = |ty: &Type| match types::peel(ty) {
        Type::Path(path) => path.path.get_ident().is_some_and(|name| {
            let text = name.to_string();
            !is_everywhere(&text) && !names.declares(name) && module::has_none(&text, function)
        }),
        _ => false,
    };
    types::arguments(&own.path).into_iter().any(is_nothing)
}

/// Whether it is the name of the function, which its companion has as well.
fn is_own_name(path: &Path, model: &Model<'_>) -> bool {
    matches!(&model.place, Place::Type(name) if path.is_ident(name))
}

/// Whether it is `Size` for the `Self::Size` of the block, of which the compiler speaks otherwise where it sees no such block.
fn is_declared_by_its_block(path: &Path, function: Span) -> bool {
    let Some(name) = path.get_ident().map(ToString::to_string) else { return false };
    let around = around::Place::of(function).and_then(|own| own.around());
    let is_it = |item: around::Place| item.word(0) == "type" && item.word(1) == name;
    around.is_some_and(|around| around.word(0) == "impl" && around.content().any(is_it))
        && !is_everywhere(&name)
        && module::has_none(&name, function)
}

/// Whether it is `Id` for the `E::Id` of a parameter, which the compiler advises only where it sees that.
fn is_declared_by_a_bound(path: &Path, model: &Model<'_>) -> bool {
    let Some(name) = path.get_ident().map(ToString::to_string) else { return false };
    let mut bounds =
        model.all_generics().flat_map(Generics::type_params).flat_map(|param| &param.bounds).peekable();
    if is_everywhere(&name) || bounds.peek().is_none() {
        return false;
    }
    let function = model.item.sig.fn_token.span;
    let from = Seen::from(function);
    let declares = |bound: &TypeParamBound| from.items_of(bound).iter().any(|item| item.word(1) == name);
    bounds.any(declares) && module::has_none(&name, function)
}

fn is_everywhere(name: &str) -> bool {
    [types::KNOWN, types::PRIMITIVES].iter().any(|known| known.contains(&name))
}

/// Whether it holds a reference to what is a function's name: without the reference, as in a key, it would be taken for a constant.
fn holds_a_function(path: &Path, function: Span) -> bool {
    types::arguments(path).into_iter().any(|ty| match types::peel(ty) {
        Type::Reference(reference) => match types::peel(&reference.elem) {
            Type::Path(path) if path.qself.is_none() => module::is_function(&path.path, function),
            _ => false,
        },
        _ => false,
    })
}

/// Whether it is `I::Itm`, and nothing that is asked of `I` declares it.
fn is_unknown_of_parameter(path: &Path, model: &Model<'_>, function: Span) -> bool {
    if path.segments.len() != 2 {
        return false;
    }
    let (own, name) = (&path.segments[0].ident, path.segments[1].ident.to_string());
    let from = Seen::from(function);
    let mut is_declared = false;
    for generics in model.all_generics() {
        let is_it = |ty: &Type| matches!(types::peel(ty), Type::Path(path) if path.path.is_ident(own));
        let params = generics.type_params().filter(|param| param.ident == *own);
        let clause = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        let more = clause.filter_map(|predicate| match predicate {
            WherePredicate::Type(predicate) if is_it(&predicate.bounded_ty) => Some(&predicate.bounds),
            _ => None,
        });
        is_declared |= generics.type_params().any(|param| param.ident == *own);
        let mut bounds = params.map(|param| &param.bounds).chain(more).flatten();
        if bounds.any(|bound| from.may_declare(bound, &name)) {
            return false;
        }
    }
    is_declared
}
