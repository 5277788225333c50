//! Closures of options that take for what is kept what the function returns: of a `Result` they see what its `Ok` holds, and of a map that
//! answers a batch an `Option` of its values.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Block, Expr, ExprClosure, Pat, Path, ReturnType, Stmt, Type};

use crate::age::Ttl;
use crate::diag::Diag;
use crate::model::Model;
use crate::sources::module;
use crate::{key, types};

/// What only a `Result` can say of itself.
const OF_RESULTS: &[&str] =
    &["err", "is_err", "is_err_and", "is_ok", "is_ok_and", "ok", "unwrap", "unwrap_err"];

/// What a text or a list can say of itself, and an `Option` of one cannot, though it has something of the name.
const OF_LISTS: &[&str] = &["capacity", "is_empty", "len"];

pub(crate) fn check(model: &Model<'_>, diag: &mut Diag) {
    for (closure, index) in all(model) {
        let found = match closure.inputs.iter().nth(index) {
            Some(Pat::Type(value)) => of_another_type(model, &value.ty).map(|why| diag.at(&value.ty, why)),
            Some(Pat::Ident(value)) => {
                asked(model, &closure.body, &value.ident).map(|(asked, why)| diag.at(asked, why))
            }
            _ => None,
        };
        let _: Option<()> = found;
    }
}

/// The closures of options, and at which place each gets the value.
fn all<'a>(model: &'a Model<'_>) -> Vec<(&'a ExprClosure, usize)> {
    let options = model.options;
    let given = [
        (options.store_if.as_ref().map(|(_, keeps)| keeps), 0),
        (options.weight.weigher(), 1),
        (options.on_remove.as_ref().map(|(_, told)| told), 1),
    ];
    let closures = given.into_iter().filter_map(|(closure, index)| match closure.map(key::peel)? {
        Expr::Closure(closure) => Some((closure, index)),
        _ => None,
    });
    let ages = ["ttl", "idle"].into_iter().filter_map(|option| match options.age.span(option)?.1 {
        Ttl::Closure(closure) => Some((closure, 1)),
        _ => None,
    });
    closures.chain(ages).collect()
}

/// What the `Ok` of the returned `Result` holds, if it returns one for sure, and no `Result` in one.
fn ok(model: &Model<'_>) -> Option<String> {
    let kept = types::argument_of(&model.returned, "Result")?;
    let is_that_of_all = || module::leaves("Result", model.item.sig.fn_token.span);
    let is_it = !types::is_result(kept) && !model.options.was_given("batch") && is_that_of_all();
    is_it.then(|| types::text(kept))
}

fn of_another_type(model: &Model<'_>, ty: &Type) -> Option<String> {
    types::argument_of(&types::as_reference(ty)?.elem, "Result")?;
    Some(format!("of a `Result` what an `Ok` holds is kept, and nothing else: write `&{}`", ok(model)?))
}

/// Where a closure asks a value for what that does not have.
fn asked(model: &Model<'_>, body: &Expr, value: &Ident) -> Option<(Ident, String)> {
    let kept = types::argument_of(&model.returned, "Result");
    if let (Some(text), Some(true)) = (ok(model), kept.map(types::is_plain_value)) {
        let is_option = kept.is_some_and(|kept| types::argument_of(kept, "Option").is_some());
        let names = if is_option { &OF_RESULTS[1..5] } else { OF_RESULTS };
        let asked = asked_for(body, value, names)?;
        let why = "of a `Result` what an `Ok` holds is kept, and nothing else";
        return Some((asked, format!("{why}: `{value}` is a `&{text}`")));
    }
    let of_map = || {
        let ty = kept.unwrap_or(&model.returned);
        let maps = ["HashMap", "BTreeMap"];
        let is_map = |name: &&str| types::argument_of(ty, name).is_some();
        let syn::Type::Path(path) = types::peel(ty) else { return None };
        maps.iter().any(is_map).then(|| types::arguments(&path.path).into_iter().nth(1)).flatten()
    };
    let is_batch = model.options.was_given("batch");
    let inner =
        if is_batch { of_map() } else { types::argument_of(kept.unwrap_or(&model.returned), "Option") }?;
    if !types::is_plain_value(inner) || !module::leaves("Option", model.item.sig.fn_token.span) {
        return None;
    }
    let asked = asked_for(body, value, OF_LISTS)?;
    let text = types::text(inner);
    let why = if is_batch { "a key that is not in the map is kept as `None`: " } else { "" };
    Some((
        asked,
        format!("{why}`{value}` is an `&Option<{text}>`: say what of `None`, `{value}.as_ref().map_or(..)`"),
    ))
}

/// Where a value is asked one of these.
fn asked_for(body: &Expr, value: &Ident, names: &[&str]) -> Option<Ident> {
    let next = |expr: &Expr| asked_for(expr, value, names);
    match key::peel(body) {
        Expr::Binary(both) => next(&both.left).or_else(|| next(&both.right)),
        Expr::Unary(one) => next(&one.expr),
        Expr::Cast(cast) => next(&cast.expr),
        Expr::Call(call) => call.args.iter().find_map(next),
        Expr::If(choice) => next(&choice.cond),
        Expr::MethodCall(call) => {
            let is_it = |receiver: &Expr| matches!(receiver, Expr::Path(path) if path.path.is_ident(value));
            let is_asked = is_it(key::peel(&call.receiver)) && names.iter().any(|name| call.method == name);
            if is_asked { Some(call.method.clone()) } else { next(&call.receiver) }
        }
        _ => None,
    }
}

/// A value of an option with several branches: what it yields is asked for once and not of each of them. `asks` is who does that.
pub(crate) fn asked_once(value: &Expr, krate: &Path, asks: &str) -> TokenStream {
    if !has_branches(key::peel(value)) {
        return quote!(#value);
    }
    let asks = Ident::new(asks, Span::call_site());
    quote!(#krate::__private::yields::#asks(#value))
}

/// The same of what a closure yields, for what it returns early as well.
pub(crate) fn yielding_once(closure: &ExprClosure, krate: &Path, asks: &str) -> TokenStream {
    let body = &closure.body;
    if !has_branches(key::peel(body)) || !matches!(closure.output, ReturnType::Default) {
        return quote!(#closure);
    }
    let returns = types::any_name(quote!(#body), &mut |name| name == "return");
    let here = Span::mixed_site().located_at(body.span());
    let value = if returns { quote_spanned!(here=> (|| #body)()) } else { quote!(#body) };
    let asks = Ident::new(asks, Span::call_site());
    let body = Box::new(Expr::Verbatim(quote!(#krate::__private::yields::#asks(#value))));
    ExprClosure { body, ..closure.clone() }.to_token_stream()
}

/// The same of an option that may be a closure, or what makes one.
pub(crate) fn hook(value: &Expr, krate: &Path, asks: &str) -> TokenStream {
    match key::peel(value) {
        Expr::Closure(closure) => yielding_once(closure, krate, asks),
        _ => quote!(#value),
    }
}

/// Whether it yields in several places, in one of them what has a type by itself: the others may be of any that is asked for. What may yield in
/// none is left alone: nothing is to be said of what comes after it.
fn has_branches(value: &Expr) -> bool {
    const ENDS: &[&str] = &["loop", "panic", "todo", "unimplemented", "unreachable"];
    let has =
        |words: &[&str]| types::any_name(quote!(#value), &mut |name| words.iter().any(|word| name == word));
    let is_one = match value {
        Expr::If(_) | Expr::Match(_) => true,
        Expr::Block(_) => has(&["if", "match", "return"]),
        _ => false,
    };
    is_one && any_end(value, &has_a_type) && !has(ENDS)
}

/// Whether this is so of one of the places in which it yields.
fn any_end(value: &Expr, is_such: &dyn Fn(&Expr) -> bool) -> bool {
    let of_block = |block: &Block| match block.stmts.last() {
        Some(Stmt::Expr(last, None)) => any_end(last, is_such),
        _ => false,
    };
    match key::peel(value) {
        Expr::If(choice) => {
            let other = choice.else_branch.as_ref().is_some_and(|(_, other)| any_end(other, is_such));
            of_block(&choice.then_branch) || other
        }
        Expr::Match(choice) => choice.arms.iter().any(|arm| any_end(&arm.body, is_such)),
        Expr::Block(block) => of_block(&block.block),
        other => is_such(other),
    }
}

/// Whether an expression has a type that nobody has to ask for.
fn has_a_type(value: &Expr) -> bool {
    // What they make is what somebody asks them for.
    const OPEN: &[&str] = &["Default", "From", "FromStr", "Into", "TryFrom", "TryInto"];
    match value {
        Expr::Lit(_) | Expr::Path(_) | Expr::Cast(_) | Expr::Field(_) => true,
        Expr::MethodCall(call) => call.method == "len",
        Expr::Call(call) => match key::peel(&call.func) {
            // A variant, or what makes a type.
            Expr::Path(path) => path.path.segments.iter().any(|segment| {
                let name = segment.ident.to_string();
                name.starts_with(char::is_uppercase) && !OPEN.contains(&name.as_str())
            }),
            _ => false,
        },
        _ => false,
    }
}
