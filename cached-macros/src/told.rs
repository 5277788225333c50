//! What the compiler says enough of. It says so of the function, and it would say it again of each thing that is made of its
//! head: then nothing is.

use std::collections::BTreeSet;

use syn::{FnArg, Pat, ReturnType};

use crate::alone;
use crate::block::Block;
use crate::item::Item;
use crate::model::Model;
use crate::{module, outside, types, unsized_types};

/// Whether nothing goes beside the function.
pub(crate) fn is_told(model: &Model<'_>) -> bool {
    let (item, function) = (model.item, model.item.sig.fn_token.span);
    let is_method_alone = model.block.is_none() && item.receiver().is_some() && alone::is_free(item);
    let mut types = model.params.iter().map(|param| &param.ty).chain([&model.returned]);
    let behind = |ty| types::as_reference(ty).map_or(ty, |own| &own.elem);
    let is_none = |ty| {
        types::is_left_open(ty)
            || module::is_trait(behind(ty), function)
            || module::has_a_lifetime_too_many(behind(ty), function)
            || outside::has_odd_arguments(behind(ty), function)
    };
    is_method_alone
        || types.any(is_none)
        || has_a_name_twice(item)
        || lends_from_nowhere(item)
        || is_other_than_in_a_trait(item, model.block)
}

/// Whether a parameter without a size is that of a trait, which cannot be mended in one place.
pub(crate) fn is_other_than_in_a_trait(item: &Item, block: Option<&Block>) -> bool {
    let has_no_size =
        |input: &FnArg| matches!(input, FnArg::Typed(input) if unsized_types::has_no_size(&input.ty));
    block.is_some_and(|block| block.of_trait.is_some()) && item.sig.inputs.iter().any(has_no_size)
}

/// Whether what is returned has a lifetime that is left out altogether, and nothing to take it from.
pub(crate) fn lends_from_nowhere(item: &Item) -> bool {
    let ReturnType::Type(_, ty) = &item.sig.output else { return false };
    let function = item.sig.fn_token.span;
    let borrows = |input: &FnArg| match input {
        FnArg::Receiver(_) => true,
        FnArg::Typed(input) => {
            types::borrows(&input.ty) || module::hidden_borrow(&input.ty, function).is_some()
        }
    };
    module::hidden_borrow(ty, function).is_some() && !item.sig.inputs.iter().any(borrows)
}

fn has_a_name_twice(item: &Item) -> bool {
    let mut names = BTreeSet::new();
    item.sig.inputs.iter().any(|input| match input {
        FnArg::Typed(input) => match &*input.pat {
            Pat::Ident(own) => !names.insert(own.ident.to_string()),
            _ => false,
        },
        FnArg::Receiver(_) => false,
    })
}

/// Whether the compiler itself asks for a lifetime that a parameter leaves out.
pub(crate) fn is_told_of_hidden(item: &Item) -> bool {
    let is_hidden = |input: &FnArg| match input {
        FnArg::Receiver(_) => false,
        FnArg::Typed(input) => module::hidden_borrow(&input.ty, item.sig.fn_token.span).is_some(),
    };
    item.sig.asyncness.is_some() && item.sig.inputs.iter().any(is_hidden)
}
