//! What `lazy` asks of a function: its calls keep their arguments, and run later.

use proc_macro2::Ident;
use syn::Type;

use crate::check;
use crate::diag::Diag;
use crate::key::Part;
use crate::model::{Model, Place};
use crate::shape::Shape;
use crate::sources::module;
use crate::{told, types};

/// All that is wrong with a function for that.
pub(crate) fn check(model: &Model<'_>, diag: &mut Diag) {
    let options = model.options;
    // With a batch it cannot be at all.
    let is_meant = !options.is_guessed("lazy") && options.batch.marker.is_none();
    let Some(lazy) = options.lazy.as_ref().filter(|_| is_meant) else { return };
    if let Some(value) = returned(model) {
        let message = format!(
            "a `{lazy}` function is written with the type of its value, of which the attribute makes what a call returns: \
             write `-> {}`",
            types::text(value)
        );
        diag.at(&model.returned, message);
    }
    if model.is_method() {
        method(lazy, model, diag);
    }
    arguments(lazy, model, diag);
}

/// What is in the `Lazy` that a lazy function is written to return.
pub(crate) fn returned<'a>(model: &'a Model<'_>) -> Option<&'a Type> {
    let Type::Path(path) = types::peel(&model.returned) else { return None };
    let is_own = module::declared(&path.path, model.item.sig.fn_token.span).is_some();
    let inner = ["Lazy", "LazyFuture"].iter().find_map(|name| types::argument_of(&model.returned, name));
    inner.filter(|_| model.options.lazy.is_some() && !is_own)
}

/// A lazy call of a method keeps what it was called on, and needs a place beside the method for what forces it.
fn method(lazy: &Ident, model: &Model<'_>, diag: &mut Diag) {
    if model.item.is_boxed_future() {
        diag.at(
            lazy,
            "a method whose future is boxed cannot be `lazy`: let the trait say `fn f(&self) -> LazyFuture<T>`, and \
             mark an `async fn` in a block with `#[memoize]`",
        );
    } else if let Some((name, _)) = model.options.companion.as_ref().filter(|_| model.place == Place::Nowhere)
    {
        diag.at(name, "a `lazy` method needs a place beside it for what forces it: drop `companion = none`, or use a free function");
    } else if model.place == Place::Nowhere {
        diag.at(lazy, "a method of a type that is not of this crate cannot be `lazy`: use a free function");
    }
    let receiver = model.item.receiver().filter(|receiver| receiver.reference.is_some());
    if let (Some((name, _)), Some(receiver)) = (&model.options.inside, receiver) {
        diag.at(
            receiver,
            format!(
                "a `lazy` call outlives the borrow of `self`, and with it the cache that `{name}` names: take \
                 `self: &Arc<Self>`"
            ),
        );
    }
}

/// A lazy call keeps its arguments: what they point at must be owned, and so must what they hold.
fn arguments(lazy: &Ident, model: &Model<'_>, diag: &mut Diag) {
    let Model { params, parts, options, .. } = model;
    for (index, param) in params.iter().enumerate() {
        let in_key = parts.iter().any(|part| matches!(part, Part::Param(other) if *other == index));
        let inner = types::as_reference(&param.ty).map_or(&param.ty, |reference| &reference.elem);
        let is_hidden = module::hidden_borrow(&param.ty, model.item.sig.fn_token.span).is_some();
        let skipped_borrow = options.skip.is_some() && (types::borrows(&param.ty) || is_hidden);
        let name = param.called();
        let is_held = name == "self" && !types::borrows(inner);
        if !in_key && !is_held && (skipped_borrow || types::borrows(inner)) {
            diag.at(
                &param.ty,
                format!(
                    "a `{lazy}` call runs later, when `{name}` may be gone: take it as an `Arc` or by value"
                ),
            );
        }
        // What the compiler has against the head of an `async fn` it does not see of a method, which has another one.
        let (is_told, is_method) = (told::is_told_of_hidden(model.item), model.is_method());
        let is_refused = (is_told && !is_method) || (is_hidden && !is_told) || Shape::of(&param.ty).is_err();
        let is_short = types::as_reference(&param.ty).is_none_or(|own| model.is_lent_for_a_call(own));
        if in_key && name != "self" && !is_refused && (!is_short || check::is_lent(inner, model)) {
            diag.at(
                &param.ty,
                format!("a `{lazy}` call runs later, when what `{name}` holds may be gone: take what owns all of it"),
            );
        }
    }
}
