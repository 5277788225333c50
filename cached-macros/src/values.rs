//! The values of options, each as it is written after its `=`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Lit, LitBool, LitStr, Token};

use crate::key::peel;
use crate::options::{Companion, Policy};
use crate::suggest::nearest;

/// The policies there are, and what the library calls them.
const POLICIES: &[(&str, &str)] = &[
    ("adaptive", "Adaptive"),
    ("lru", "Lru"),
    ("lfu", "Lfu"),
    ("fifo", "Fifo"),
    ("sieve", "Sieve"),
    ("s3fifo", "S3Fifo"),
    ("tinylfu", "TinyLfu"),
    ("lirs", "Lirs"),
    ("arc", "Arc"),
    ("random", "Random"),
];

pub(crate) fn flag(value: &Expr) -> syn::Result<LitBool> {
    match peel(value) {
        Expr::Lit(ExprLit { lit: Lit::Bool(flag), .. }) => Ok(flag.clone()),
        _ => Err(syn::Error::new_spanned(value, "`single_flight` is `true` or `false`")),
    }
}

pub(crate) fn max(value: Expr) -> syn::Result<Expr> {
    let message = match peel(&value) {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if matches!(int.suffix(), "" | "usize") => {
            return Ok(value);
        }
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => {
            format!("`max` counts entries; `{}` is no unit of that: write `max = 10_000`", int.suffix())
        }
        Expr::Lit(_) => "`max` takes a whole number: write `max = 10_000`".to_owned(),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => {
            "`max` cannot be negative; 0 keeps nothing, leaving it out keeps everything".to_owned()
        }
        _ => return Ok(value),
    };
    Err(syn::Error::new_spanned(&value, message))
}

pub(crate) fn max_batch(value: Expr) -> syn::Result<Expr> {
    let message = match peel(&value) {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if int.base10_digits() == "0" => {
            "`max_batch` is at least 1: a run of the body needs room for a key"
        }
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if matches!(int.suffix(), "" | "usize") => {
            return Ok(value);
        }
        Expr::Lit(_) => "`max_batch` takes a whole number of keys: write `max_batch = 100`",
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => "`max_batch` cannot be negative",
        _ => return Ok(value),
    };
    Err(syn::Error::new_spanned(&value, message))
}

pub(crate) fn policy(value: &Expr) -> syn::Result<Policy> {
    let names = || POLICIES.iter().map(|(name, _)| *name);
    let all = || names().map(|policy| format!("`{policy}`")).collect::<Vec<_>>().join(", ");
    let Expr::Path(path) = peel(value) else {
        let message = format!("`policy` takes a name without quotes, or the path of a type: {}", all());
        return Err(syn::Error::new_spanned(value, message));
    };
    let path = &path.path;
    let Some(name) = path.get_ident() else {
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let [.., kind, name] = names.as_slice() else { return Ok(Policy::Own(path.clone())) };
        let known = POLICIES.iter().find(|(_, known)| kind == "PolicyKind" && known == name);
        return match known {
            Some((known, _)) => Err(syn::Error::new_spanned(
                value,
                format!("policies go by their names here: `policy = {known}`"),
            )),
            None => Ok(Policy::Own(path.clone())),
        };
    };
    let text = name.to_string();
    if let Some((_, kind)) = POLICIES.iter().find(|(known, _)| *known == text) {
        return Ok(Policy::Known(Ident::new(kind, name.span())));
    }
    let plain = text.to_lowercase();
    // Types begin with a capital.
    if text.starts_with(char::is_uppercase) && !names().any(|name| name == plain) {
        return Ok(Policy::Own(path.clone()));
    }
    let meant = nearest(&plain, names());
    let hint = meant.map_or_else(String::new, |meant| format!("did you mean `{meant}`? "));
    let message =
        format!("unknown policy: {hint}there is {}, or the path of a type that implements `Policy`", all());
    Err(syn::Error::new_spanned(value, message))
}

pub(crate) fn predicate(value: Expr) -> syn::Result<Expr> {
    let message = match peel(&value) {
        Expr::Closure(closure) if closure.inputs.len() == 1 => return Ok(value),
        Expr::Path(_) | Expr::Call(_) | Expr::MethodCall(_) | Expr::Block(_) | Expr::Macro(_) => {
            return Ok(value);
        }
        Expr::Closure(_) => {
            "the closure of `store_if` takes the value, and nothing else: `|value| value.is_some()`"
        }
        _ => "`store_if` takes a closure or a function: write `store_if = |value| value.is_some()`",
    };
    Err(syn::Error::new_spanned(&value, message))
}

pub(crate) fn listener(value: Expr) -> syn::Result<Expr> {
    let message = match peel(&value) {
        Expr::Closure(closure) if closure.inputs.len() == 3 && closure.asyncness.is_none() => {
            return Ok(value);
        }
        Expr::Closure(_) => {
            "the closure of `on_remove` is told the key, the value, and why: `|key, value, cause| ..`"
        }
        Expr::Lit(_) | Expr::Binary(_) | Expr::Unary(_) => {
            "`on_remove` takes a closure or a function: write `on_remove = |key, value, cause| ..`"
        }
        _ => return Ok(value),
    };
    Err(syn::Error::new_spanned(&value, message))
}

pub(crate) fn field(value: Expr) -> syn::Result<Expr> {
    let is_of_self = |expr: &Expr| {
        let mut expr = peel(expr);
        while let Expr::Field(field) = expr {
            expr = peel(&field.base);
        }
        matches!(expr, Expr::Path(path) if path.path.is_ident("self"))
    };
    match peel(&value) {
        Expr::Field(_) if is_of_self(&value) => Ok(value),
        _ => Err(syn::Error::new_spanned(&value, "`in` takes a field of `self`: write `in = self.prices`")),
    }
}

/// What is meant, also where it is written otherwise than it should be.
pub(crate) fn companion(input: ParseStream<'_>) -> syn::Result<(Companion, syn::Result<()>)> {
    let ahead = input.fork();
    let value: Expr = input.parse()?;
    let named = |name: Ident| if name == "none" { Companion::None } else { Companion::Named(name) };
    let name = ahead.parse::<Ident>().ok().filter(|_| ahead.is_empty() || ahead.peek(Token![,]));
    if let Some(name) = name {
        let is_none = name == "None";
        let message = "`None` would be a companion of that name: without one it is `companion = none`";
        let error = is_none.then(|| syn::Error::new(name.span(), message));
        let companion = if is_none { Companion::None } else { named(name) };
        return Ok((companion, error.map_or(Ok(()), Err)));
    }
    let message = "`companion` takes a name, or `none`: write `companion = price_cache`";
    let error = |message: &str| syn::Error::new_spanned(&value, message);
    let quoted = match peel(&value) {
        Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) => name.parse::<Ident>().ok(),
        _ => None,
    };
    quoted.map_or_else(
        || Err(error(message)),
        |name| {
            let message = format!("`companion` takes a name without quotes: write `companion = {name}`");
            Ok((named(name), Err(error(&message))))
        },
    )
}

pub(crate) fn string(value: &Expr) -> syn::Result<LitStr> {
    match peel(value) {
        Expr::Lit(ExprLit { lit: Lit::Str(string), .. }) if !string.value().is_empty() => Ok(string.clone()),
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => Err(syn::Error::new_spanned(
            value,
            "`name` is empty: leave it out, the path of the function is one",
        )),
        _ => Err(syn::Error::new_spanned(value, "`name` takes a string: write `name = \"prices\"`")),
    }
}

/// Whether a value is written like `10%`.
pub(crate) fn is_percentage(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let is_one = ahead.parse::<Lit>().is_ok() && ahead.parse::<Token![%]>().is_ok();
    is_one && (ahead.is_empty() || ahead.peek(Token![,]))
}

/// Whether an option's value is written as no literal is, as in `'60s'`: the compiler has said so when it read it.
pub(crate) fn is_broken(option: ParseStream<'_>) -> bool {
    let tokens = option.fork().parse::<TokenStream>().unwrap_or_default().into_iter();
    let mut value =
        tokens.take_while(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
    value.any(is_no_literal)
}

fn is_no_literal(token: TokenTree) -> bool {
    if let TokenTree::Group(group) = token {
        return group.stream().into_iter().any(is_no_literal);
    }
    let text = token.to_string();
    let inner = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    inner.is_some_and(|inner| !inner.starts_with('\\') && inner.chars().count() != 1)
}
