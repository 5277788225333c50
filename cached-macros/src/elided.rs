//! A returned borrow whose lifetime is not written where nobody can tell what it borrows from. The compiler would say so too,
//! of the function and of what is made of it; but a cache keeps no borrow at all, and that is what is to be said.

use syn::{FnArg, ReturnType, Type};

use crate::check;
use crate::diag::Diag;
use crate::item::Item;
use crate::sources::module;
use crate::types;

/// The function with a lifetime in that place, beside the error; `None` where nothing is wrong.
pub(crate) fn mended(item: &Item, diag: &mut Diag) -> Option<Item> {
    let ReturnType::Type(_, ty) = &item.sig.output else { return None };
    let is_named = matches!(types::peel(ty), Type::ImplTrait(_) | Type::Never(_));
    let is_told = || module::holds_a_lifetime_too_many(ty, item.sig.fn_token.span);
    if is_named || !types::leaves_out_a_lifetime(ty) || is_clear(item) || is_told() {
        return None;
    }
    diag.at(ty, check::BORROWED);
    let mut sig = item.sig.clone();
    let forever = types::forever(ty);
    sig.output = syn::parse_quote!(-> #forever);
    Some(item.without_body(sig))
}

/// Whether what is left out in the returned type is that of `self`, or the one that the parameters have.
fn is_clear(item: &Item) -> bool {
    let is_borrowed = |receiver: &syn::Receiver| types::borrows(&receiver.ty);
    if item.receiver().is_some_and(is_borrowed) {
        return true;
    }
    let types = item.sig.inputs.iter().map(|input| match input {
        FnArg::Receiver(receiver) => &receiver.ty,
        FnArg::Typed(input) => &input.ty,
    });
    types::lifetimes(types.map(|ty| &**ty)) == 1
}
