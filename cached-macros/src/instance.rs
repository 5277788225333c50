//! `in = self.prices`: the memo of each object, which keeps the values of one method.

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, FnArg, ReturnType, Token};

use crate::diag::Diag;
use crate::model::Model;
use crate::sources::around::Place;
use crate::types;

/// The memo that an attribute says `in` which a function's values are.
pub(crate) fn memo_of(attr: &Attribute) -> Option<String> {
    let list = attr.meta.require_list().ok()?;
    let options: Vec<_> = list.tokens.clone().into_iter().collect();
    let options = options.split(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','));
    let mut memos = options.filter_map(|option| match option {
        [TokenTree::Ident(name), TokenTree::Punct(_), memo @ ..] if name == "in" => Some(memo),
        _ => None,
    });
    memos.next().map(|memo| memo.iter().map(ToString::to_string).collect())
}

/// A method whose memo keeps the values of one that stands before it in its block: either would be answered with what the other made.
pub(crate) fn check(model: &Model<'_>, diag: &mut Diag) {
    let Some((_, field)) = &model.options.inside else { return };
    let Some(own) = Place::of(model.item.sig.fn_token.span) else { return };
    let memo: String = field.to_token_stream().into_iter().map(|token| token.to_string()).collect();
    // Of two of one name that is said.
    let is_another =
        |other: &Place| other.word(0) == "fn" && other.word(1) != own.word(1) && !other.says("cfg");
    let is_in_it = |other: &Place| {
        let marks = other.marks().filter(|_| is_another(other));
        marks.is_some_and(|marks| marks.iter().any(|mark| memo_of(mark).as_ref() == Some(&memo)))
    };
    // Where the types are others the memo is one of either, which the compiler says.
    let types = types_of(&model.item.sig.inputs, &model.item.sig.output);
    let has_its_types = |other: &Place| {
        let head = other.head::<syn::ItemFn>();
        head.is_some_and(|head| types_of(&head.sig.inputs, &head.sig.output) == types)
    };
    let mut before = own.beside().filter(|other| other.is_before(&own) && is_in_it(other));
    let first = before.find(has_its_types);
    if let Some(first) = first.filter(|_| !own.says("cfg")) {
        let name = &model.item.sig.ident;
        let message =
            format!("`{memo}` keeps what `{}` returns: give `{name}` a memo of its own", first.word(1));
        diag.at(field, message);
    }
}

/// What a function takes and returns, as it is written.
fn types_of(inputs: &Punctuated<FnArg, Token![,]>, output: &ReturnType) -> Vec<String> {
    let taken = inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => Some(types::text(&input.ty)),
        FnArg::Receiver(_) => None,
    });
    taken.chain([output.to_token_stream().to_string()]).collect()
}
