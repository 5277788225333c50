//! What the compiler says enough of. It says so of the function, and it would say it again of each thing that is made of its
//! head: then nothing is.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{FnArg, GenericParam, Pat, ReturnType, Type, TypeParamBound};

use crate::alone::{self, Around};
use crate::block::Block;
use crate::generics::{Bounds, Names};
use crate::item::Item;
use crate::model::{Model, Place};
use crate::sources::around;
use crate::sources::{module, outside};
use crate::{advice, check, types, unsized_types};

mod conversions;
mod derives;
mod dyns;
mod elsewhere;
mod lacking;
mod misnamed;
mod patterns;
mod unfit;

pub(crate) use lacking::lacks;
pub(crate) use unfit::{Unfit, is_known_to_lack};

/// Whether nothing goes beside the function.
pub(crate) fn is_told(model: &Model<'_>) -> bool {
    let item = model.item;
    let is_method_alone = (item.receiver().is_some() || is_about_self(item, true)) && is_seen_free(model);
    is_method_alone
        || has_a_type_told_of(model)
        || has_a_name_twice(item)
        || lends_from_nowhere(item)
        || has_an_odd_parameter(model)
        || patterns::do_not_fit(model)
        || takes_or_returns_what_has_no_size(model)
        || is_more_than_of_its_types(model)
}

/// Whether a method of a trait takes or returns its `Self` by value, which may be of no size.
fn takes_or_returns_what_has_no_size(model: &Model<'_>) -> bool {
    let Some(Around::Trait(of_trait)) = &model.around else { return false };
    let (generics, function) = (&model.item.sig.generics, model.item.sig.fn_token.span);
    let is_one = |ty: &Type| match types::peel(ty) {
        Type::Tuple(tuple) => tuple.elems.iter().any(types::is_self),
        ty => {
            ["Option", "Result", "Vec"]
                .iter()
                .find_map(|name| types::argument_of(ty, name))
                .is_some_and(types::is_self)
                || types::is_self(ty)
        }
    };
    let mut types = model.params.iter().map(|param| &param.ty).chain([&model.returned]);
    types.any(is_one) && Bounds::of_self(of_trait, generics, function).have_no_size()
}

/// Whether of a type in its head, and of nothing around that.
pub(crate) fn is_of_its_types(model: &Model<'_>) -> bool {
    has_a_type_told_of(model) && !is_more_than_of_its_types(model)
}

fn has_a_type_told_of(model: &Model<'_>) -> bool {
    let mut types = model.params.iter().map(|param| &param.ty).chain([&model.returned]);
    types.any(|ty| is_of_type(ty, model)) || unsized_types::is_as_in_its_trait(model.item, model.block)
}

fn is_more_than_of_its_types(model: &Model<'_>) -> bool {
    (model.is_method() && alone::is_second(model))
        || is_of_a_foreign_type(model)
        || has_a_parameter_of_nothing(model)
        || misses_async_trait(model)
        || speaks_of_what_is_around(model)
        || lacking::is_in_block(model)
        || misnamed::is_in_clause(model)
        || misnamed::is_in_block(model)
        || alone::is_in_misspelt_block(model)
        || alone::is_told_of_its_block(model)
        || unknown_in_self(model).is_some()
}

/// Whether something is wrong with a type in the head.
pub(crate) fn is_of_type(ty: &Type, model: &Model<'_>) -> bool {
    let function = model.item.sig.fn_token.span;
    let is_odd = |ty: &Type| {
        let is_own = types::is_self(ty) && model.own_block().is_some();
        if is_own || module::is_right(ty, function) {
            return false;
        }
        module::is_trait(ty, function)
            || module::has_a_lifetime_too_many(ty, function)
            || outside::has_odd_arguments(ty, function)
            || misnamed::is_none(ty, model)
            || is_of_an_expression(ty)
    };
    types::is_left_open(ty)
        || types::any_part(ty, &is_odd)
        || lengths(ty).iter().any(|length| is_no_length(model, length))
        || lacking::is_in(ty, model)
}

/// What the compiler should have said, where it says nothing.
pub(crate) fn why(model: &Model<'_>) -> (String, Span) {
    if alone::is_told_of_its_block(model) {
        return (alone::MARK_THE_BLOCK.to_owned(), model.item.sig.ident.span());
    }
    match unknown_in_self(model) {
        Some(name) => (
            format!("`Self::{name}` is of no type of this block: say whose it is, `<Self as ..>::{name}`"),
            name.span(),
        ),
        None => (
            "what is wrong with this function's head is for the compiler to say: it is not memoized"
                .to_owned(),
            model.item.sig.ident.span(),
        ),
    }
}

/// Whether it is seen that a function stands in no block.
pub(crate) fn is_seen_free(model: &Model<'_>) -> bool {
    model.block.is_none() && alone::is_free(model.item)
}

/// Whether what stands for a type is a macro that makes a value, as in `vec![u32]`.
fn is_of_an_expression(ty: &Type) -> bool {
    const MADE: &[&str] = &["concat", "format", "matches", "vec"];
    matches!(types::peel(ty), Type::Macro(own) if MADE.iter().any(|name| own.mac.path.is_ident(name)))
}

/// Whether what is returned has a lifetime that is left out altogether, and not one to take it from.
pub(crate) fn lends_from_nowhere(item: &Item) -> bool {
    let ReturnType::Type(_, ty) = &item.sig.output else { return false };
    let function = item.sig.fn_token.span;
    let is_hidden = |ty: &Type| {
        module::hidden_borrow(ty, function).is_some()
            || (!types::borrows(ty) && check::is_borrowed_text(ty, function))
    };
    let taken = item.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Receiver(_) => None,
        FnArg::Typed(input) => Some(&*input.ty),
    });
    let lifetimes = || types::lifetimes(taken.clone()) + taken.clone().filter(|ty| is_hidden(ty)).count();
    item.receiver().is_none() && is_hidden(ty) && lifetimes() != 1
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
        FnArg::Typed(input) => {
            let (ty, function) = (&input.ty, item.sig.fn_token.span);
            let is_text = !types::borrows(ty) && check::is_borrowed_text(ty, function);
            is_text || module::hidden_borrow(ty, function).is_some()
        }
    };
    item.sig.asyncness.is_some() && item.sig.inputs.iter().any(is_hidden)
}

/// Whether a parameter is bound by what is no trait, as in `N: usize`.
fn has_an_odd_parameter(model: &Model<'_>) -> bool {
    let is_number = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => types::is_name_of_primitive(&bound.path),
        _ => false,
    };
    let mut bounds = model.item.sig.generics.type_params().flat_map(|param| &param.bounds);
    bounds.any(is_number)
}

/// Whether a name is that of a const parameter of another type than `usize`, or of a value that is passed, or one of nothing that
/// is like a parameter's.
fn is_no_length(model: &Model<'_>, length: &Ident) -> bool {
    let is_odd = |param: &GenericParam| match param {
        GenericParam::Const(own) if own.ident == *length => match types::peel(&own.ty) {
            Type::Path(ty) => types::is_name_of_primitive(&ty.path) && !ty.path.is_ident("usize"),
            _ => false,
        },
        _ => false,
    };
    let is_meant = |param: &GenericParam| match param {
        GenericParam::Const(own) => advice::is_near(&length.to_string(), &own.ident.to_string()),
        _ => false,
    };
    let params = || model.all_generics().flat_map(|generics| &generics.params);
    let is_declared =
        |param: &GenericParam| matches!(param, GenericParam::Const(own) if own.ident == *length);
    let is_passed = model.params.iter().any(|param| param.name == *length);
    let is_misspelt = || {
        !params().any(is_declared)
            && params().any(is_meant)
            && module::has_none(&length.to_string(), model.item.sig.fn_token.span)
    };
    is_passed || params().any(is_odd) || is_misspelt()
}

/// The lengths of arrays that are a name alone.
fn lengths(ty: &Type) -> Vec<Ident> {
    let mut found = Vec::new();
    lengths_in(ty.to_token_stream(), &mut found);
    found
}

fn lengths_in(tokens: TokenStream, found: &mut Vec<Ident>) {
    for token in tokens {
        let TokenTree::Group(group) = token else { continue };
        let inner: Vec<_> = group.stream().into_iter().collect();
        match inner.as_slice() {
            [.., TokenTree::Punct(before), TokenTree::Ident(length)]
                if before.as_char() == ';' && group.delimiter() == Delimiter::Bracket =>
            {
                found.push(length.clone());
            }
            _ => {}
        }
        lengths_in(group.stream(), found);
    }
}

/// Whether a function stands in a block of a type that can have none here.
fn is_of_a_foreign_type(model: &Model<'_>) -> bool {
    let Some(block) = model.own_block().filter(|block| block.of_trait.is_none()) else { return false };
    let function = model.item.sig.fn_token.span;
    let is_brought_in = |ty: &Type| match types::peel(ty) {
        Type::Path(own) => own.qself.is_none() && module::is_of_another_crate(&own.path, function),
        _ => false,
    };
    outside::is_foreign(&block.self_ty, function) || is_brought_in(&block.self_ty)
}

/// Whether a parameter of its block is that of no type, which nothing could tell the compiler.
fn has_a_parameter_of_nothing(model: &Model<'_>) -> bool {
    let Some(block) = model.own_block() else { return false };
    let (generics, self_ty, of_trait) = (&block.generics, &block.self_ty, &block.of_trait);
    let bounds = |name: &Ident| {
        let others = generics.type_params().filter(|param| param.ident != *name).map(|param| &param.bounds);
        let (others, clause) = (others.collect::<Vec<_>>(), &generics.where_clause);
        quote!(#(#others)* #clause #self_ty #of_trait)
    };
    generics.type_params().any(|param| !types::mentions(bounds(&param.ident), &param.ident.to_string()))
}

/// Whether a function in the body of another one speaks of a parameter of that, or of the block around it: it has none of them.
pub(crate) fn speaks_of_what_is_around(model: &Model<'_>) -> bool {
    let Some(own) = around::Place::of(model.item.sig.fn_token.span) else { return false };
    if own.around().is_none_or(|around| around.word(0) != "fn") {
        return false;
    }
    let types = model.heads();
    let own_names = Names::of([&model.item.sig.generics]);
    let is_spoken_of = |name: &Ident| {
        let is_hidden = own_names.declares(name) || own.beside_with(1, &name.to_string()).next().is_some();
        !is_hidden && types::mentions(types.clone(), &name.to_string())
    };
    let mut around = own.around();
    while let Some(place) = around {
        let generics = match place.word(0) {
            "fn" => place.head::<syn::ItemFn>().map(|function| function.sig.generics),
            "impl" => place.head::<Block>().map(|block| block.generics),
            "trait" => place.head::<syn::ItemTrait>().map(|of_trait| of_trait.generics),
            _ => return false,
        };
        let params = generics.iter().flat_map(|generics| &generics.params);
        let mut names = params.filter_map(|param| match param {
            GenericParam::Type(param) => Some(&param.ident),
            GenericParam::Const(param) => Some(&param.ident),
            GenericParam::Lifetime(_) => None,
        });
        if names.any(is_spoken_of) {
            return true;
        }
        around = place.around();
    }
    false
}

/// Whether a function speaks of `Self`, and so stands in a block. What a macro makes of the word is known for sure to nobody.
pub(crate) fn is_about_self(item: &Item, surely: bool) -> bool {
    let (sig, body) = (&item.sig, item.body.stream());
    let is_in_body = || {
        types::speaks_of_self(body.clone())
            && (!surely || types::speaks_of_self(without_macros(body.clone())))
    };
    item.receiver().is_none() && (types::mentions(quote!(#sig), "Self") || is_in_body())
}

fn without_macros(tokens: TokenStream) -> TokenStream {
    let mut last = [' '; 2];
    let mut one = |token: TokenTree| {
        let is_argument = last[1] == '!' && last[0] == 'a';
        let kind = match &token {
            TokenTree::Ident(_) => 'a',
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        last = [last[1], kind];
        match token {
            TokenTree::Group(_) if is_argument => TokenStream::new(),
            TokenTree::Group(group) => {
                TokenTree::from(Group::new(group.delimiter(), without_macros(group.stream()))).into()
            }
            other => other.into(),
        }
    };
    tokens.into_iter().map(&mut one).collect()
}

/// Whether a method would have been rewritten, had the attribute on its block been found.
pub(crate) fn misses_async_trait(model: &Model<'_>) -> bool {
    let block = model.around.as_ref().and_then(Around::as_block);
    let is_it =
        |attr: &syn::Attribute| attr.path().segments.last().is_some_and(|last| last.ident == "async_trait");
    model.item.sig.asyncness.is_some() && block.is_some_and(|block| block.attrs.iter().any(is_it))
}

/// Of the block of a trait, a type that it does not declare: `Out` of `Self::Out`. Those that it does are spelled out.
fn unknown_in_self(model: &Model<'_>) -> Option<Ident> {
    if model.place != Place::Apart {
        return None;
    }
    let mut types = model.params.iter().map(|param| &param.ty).chain([&model.returned]);
    types.find_map(|ty| of_self(ty.to_token_stream()))
}

fn of_self(tokens: TokenStream) -> Option<Ident> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is = |token: &TokenTree, text: &str| token.to_string() == text;
    for (at, token) in tokens.iter().enumerate() {
        match (token, &tokens[at..]) {
            // What follows here is the length of an array, and no type.
            (TokenTree::Punct(end), _) if end.as_char() == ';' => return None,
            (TokenTree::Group(group), _) => {
                if let Some(found) = of_self(group.stream()) {
                    return Some(found);
                }
            }
            (own, [_, first, second, TokenTree::Ident(name), ..])
                if is(own, "Self") && is(first, ":") && is(second, ":") =>
            {
                return Some(name.clone());
            }
            _ => {}
        }
    }
    None
}
