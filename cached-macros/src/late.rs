//! Timeouts against the function they are given to: what a thread can do, and what another one would need.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Signature, Token};

use crate::diag::Diag;
use crate::expand::cannot_run_again;
use crate::item::Item;
use crate::model::Model;
use crate::options::Options;

/// The function with the `async` that it lacks, beside the error: with a `load_timeout` and a body that awaits it is meant for one.
pub(crate) fn mended(item: &Item, options: &Options, diag: &mut Diag) -> Option<Item> {
    options.age.span("load_timeout")?;
    if item.sig.asyncness.is_some() || item.sig.constness.is_some() || !awaits(item.body.stream()) {
        return None;
    }
    diag.at(item.sig.fn_token, "this body awaits, and `load_timeout` is for an `async fn`: write `async fn`");
    let Item { attrs, vis, body, .. } = item;
    let sig = Signature { asyncness: Some(Token![async](item.sig.fn_token.span)), ..item.sig.clone() };
    Some(Item { attrs: attrs.clone(), vis: vis.clone(), sig, body: body.clone() })
}

/// Whether a body awaits, and no block of its own that runs later.
fn awaits(body: TokenStream) -> bool {
    let (mut after_dot, mut is_later) = (false, false);
    body.into_iter().any(|token| {
        let was_after_dot = std::mem::replace(&mut after_dot, false);
        match token {
            TokenTree::Ident(word) if word == "async" => is_later = true,
            // What a closure has to say about it ends nobody knows where.
            TokenTree::Punct(punct) if punct.as_char() == '|' && is_later => return false,
            TokenTree::Ident(word) if was_after_dot && word == "await" => return true,
            TokenTree::Punct(punct) => after_dot = punct.as_char() == '.',
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                return !std::mem::take(&mut is_later) && awaits(group.stream());
            }
            TokenTree::Group(group) => return awaits(group.stream()),
            _ => {}
        }
        false
    })
}

pub(crate) fn check(model: &Model<'_>, diag: &mut Diag) {
    let (age, is_async) = (&model.options.age, model.is_async());
    // Of what contradicts both options that is said, and is enough.
    if model.options.batch.marker.is_some() || model.is_of_thread() {
        return;
    }
    if let (Some((name, _)), false) = (age.span("load_timeout"), is_async) {
        diag.at(
            name,
            "`load_timeout` is for an `async fn`: a thread that runs a body cannot be stopped; give what the body calls a deadline, or \
             see `soft_timeout`",
        );
    }
    // Without an old value to give up for, that is said, and is enough.
    let Some((name, _)) = age.span("soft_timeout").filter(|_| age.keeps_old()) else { return };
    if is_async && model.is_bound_to_caller() {
        diag.at(
            name,
            "`soft_timeout` leaves a reload to a task of its own, and this function's future may borrow: take owned arguments, in a \
             free function that does not call itself",
        );
    } else if let (false, Some(why)) = (is_async, cannot_run_again(model)) {
        diag.at(name, format!("`soft_timeout` leaves a reload to another thread, and {why}"));
    }
}
