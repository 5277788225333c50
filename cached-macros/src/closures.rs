//! Closures of options that take for what is kept what the function returns: of a `Result` they see what its `Ok` holds.

use proc_macro2::Ident;
use syn::{Expr, Pat, Type};

use crate::diag::Diag;
use crate::model::Model;
use crate::sources::module;
use crate::{key, types};

pub(crate) fn check(model: &Model<'_>, diag: &mut Diag) {
    const KEPT: &str = "of a `Result` what an `Ok` holds is kept, and nothing else";
    let options = model.options;
    let Some(kept) = types::argument_of(&model.returned, "Result") else { return };
    let is_that_of_all = || module::leaves("Result", model.item.sig.fn_token.span);
    if types::is_result(kept) || options.was_given("batch") || !is_that_of_all() {
        return;
    }
    let closures = [
        (options.store_if.as_ref().map(|(_, keeps)| keeps), 0),
        (options.weight.weigher(), 1),
        (options.on_remove.as_ref().map(|(_, told)| told), 1),
    ];
    let text = types::text(kept);
    for (closure, index) in closures {
        let Some(Expr::Closure(closure)) = closure.map(key::peel) else { continue };
        match closure.inputs.iter().nth(index) {
            Some(Pat::Type(value)) if is_of_a_result(&value.ty) => {
                diag.at(&value.ty, format!("{KEPT}: write `&{text}`"));
            }
            Some(Pat::Ident(value)) if types::is_plain_value(kept) => {
                if let Some(asked) = asked_of_a_result(&closure.body, &value.ident) {
                    diag.at(asked, format!("{KEPT}: `{}` is a `&{text}`", value.ident));
                }
            }
            _ => {}
        }
    }
}

fn is_of_a_result(ty: &Type) -> bool {
    types::as_reference(ty).is_some_and(|reference| types::argument_of(&reference.elem, "Result").is_some())
}

/// Where a value is asked what only a `Result` can say.
fn asked_of_a_result(body: &Expr, value: &Ident) -> Option<Ident> {
    const ASKED: &[&str] = &["is_err", "is_err_and", "is_ok", "is_ok_and"];
    match key::peel(body) {
        Expr::Binary(both) => {
            asked_of_a_result(&both.left, value).or_else(|| asked_of_a_result(&both.right, value))
        }
        Expr::Unary(one) => asked_of_a_result(&one.expr, value),
        Expr::MethodCall(call) => {
            let is_it = |receiver: &Expr| matches!(receiver, Expr::Path(path) if path.path.is_ident(value));
            let is_asked = is_it(key::peel(&call.receiver)) && ASKED.iter().any(|name| call.method == name);
            is_asked.then(|| call.method.clone())
        }
        _ => None,
    }
}
