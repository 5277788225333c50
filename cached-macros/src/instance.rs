//! `in = self.prices`: the memo of each object, which keeps the values of one method.

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::Attribute;

use crate::diag::Diag;
use crate::model::Model;
use crate::sources::around::Place;

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
    let first = own.beside().find(|other| other.is_before(&own) && is_in_it(other));
    if let Some(first) = first.filter(|_| !own.says("cfg")) {
        let name = &model.item.sig.ident;
        let message =
            format!("`{memo}` keeps what `{}` returns: give `{name}` a memo of its own", first.word(1));
        diag.at(field, message);
    }
}
