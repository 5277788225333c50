//! Names in options that are those of nothing where the option is read: a parameter that has another name by now, or what each call
//! has of its own where one value is asked for. The compiler would look for them among all that there is, and say what it finds.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Expr;
use syn::ext::IdentExt;

use crate::diag::Diag;
use crate::key::peel;
use crate::model::Model;
use crate::options;
use crate::sources::module;
use crate::suggest::nearest;

/// The name that an expression begins with: `id` of `id`, `&id` and `id.0.len()`.
pub(crate) fn root(expr: &Expr) -> Option<&Ident> {
    match peel(expr) {
        Expr::Field(field) => root(&field.base),
        Expr::MethodCall(call) => root(&call.receiver),
        Expr::Reference(reference) => root(&reference.expr),
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        _ => None,
    }
}

/// What is wrong with a name that stands for a parameter, where none of these and nothing else is called so.
pub(crate) fn parameter(name: &Ident, params: &[String], function: Span) -> Option<String> {
    let text = name.unraw().to_string();
    let params: Vec<_> = params.iter().map(|own| own.trim_start_matches("r#").to_owned()).collect();
    let is_name = text.starts_with(|first: char| first.is_lowercase()) && !NAMED.contains(&text.as_str());
    if !is_name || params.contains(&text) || !module::has_none(&text, function) {
        return None;
    }
    Some(format!("there is no parameter `{text}`{}", hint(&text, &params).1))
}

/// Which of these parameters a name of none was meant for, and what is to be said of it.
pub(crate) fn hint(name: &str, params: &[String]) -> (Option<usize>, String) {
    let near = nearest(name, params.iter().map(String::as_str));
    let is_meant =
        |own: &String| near.map_or_else(|| own.split('_').any(|word| word == name), |near| own == near);
    let meant = params.iter().position(is_meant);
    let hint = match (meant, params) {
        (Some(meant), all) => format!(", did you mean `{}`?", all[meant]),
        (None, []) => ": this function takes none".to_owned(),
        (None, all) if all.iter().any(|own| is_without_a_name(own)) => {
            ": to be spoken of, a parameter needs a name".to_owned()
        }
        (None, all) => format!(": this function takes `{}`", all.join("`, `")),
    };
    (meant, hint)
}

/// Whether this is what a parameter is called that its user calls `_`.
pub(crate) fn is_without_a_name(name: &str) -> bool {
    name.strip_prefix("arg")
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|digit| digit.is_ascii_digit()))
}

/// Whether a name of none in an expression was meant for this parameter.
pub(crate) fn means(tokens: TokenStream, index: usize, model: &Model<'_>) -> bool {
    let params: Vec<_> = model.params.iter().map(|param| param.name.unraw().to_string()).collect();
    let names = names(tokens).unwrap_or_default();
    let mut names = names.iter().map(|name| name.unraw().to_string()).filter(|name| !params.contains(name));
    names.any(|name| nearest(&name, params.iter().map(String::as_str)) == Some(params[index].as_str()))
}

/// Names that are no parameters, and known to options or to everybody.
const NAMED: &[&str] = &[
    "align_of",
    "align_of_val",
    "crate",
    "drop",
    "key",
    "result",
    "self",
    "size_of",
    "size_of_val",
    "super",
    "value",
];

/// Words behind which names may be declared.
const DECLARING: &[&str] = &["const", "fn", "for", "if", "let", "match", "static", "use", "while"];

/// All names that stand alone; none where others may be declared in between.
fn names(tokens: TokenStream) -> Option<Vec<Ident>> {
    let all: Vec<_> = tokens.into_iter().collect();
    let is = |at: Option<usize>, signs: &str| match at.and_then(|at| all.get(at)) {
        Some(TokenTree::Punct(punct)) => signs.contains(punct.as_char()),
        _ => false,
    };
    let mut found = Vec::new();
    for (at, token) in all.iter().enumerate() {
        let is_called = matches!(all.get(at + 1), Some(TokenTree::Group(_)));
        match token {
            TokenTree::Punct(punct) if "|'".contains(punct.as_char()) => return None,
            TokenTree::Ident(word) if DECLARING.iter().any(|own| word == own) => return None,
            TokenTree::Ident(name)
                if !is(at.checked_sub(1), ".:") && !is(Some(at + 1), ":!") && !is_called =>
            {
                found.push(name.clone());
            }
            TokenTree::Group(group) => found.extend(names(group.stream())?),
            _ => {}
        }
    }
    Some(found)
}

/// The `self` that is an object, and no module nor that of an item within or of a macro.
fn object(tokens: TokenStream) -> Option<Ident> {
    const DECLARING: &[&str] = &["fn", "impl", "trait", "use"];
    let all: Vec<_> = tokens.into_iter().collect();
    let is = |at: usize, sign: char| matches!(all.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    let declares = |token: &TokenTree| DECLARING.iter().any(|word| token.to_string() == *word);
    if all.iter().any(declares) {
        return None;
    }
    all.iter().enumerate().find_map(|(at, token)| match token {
        TokenTree::Ident(name) if name == "self" && !is(at + 1, ':') => Some(name.clone()),
        TokenTree::Group(group) if at == 0 || !is(at - 1, '!') => object(group.stream()),
        _ => None,
    })
}

/// Options with one value for all calls that speak of what each call has of its own.
pub(crate) fn in_values(model: &Model<'_>, diag: &mut Diag) {
    let function = model.item.sig.fn_token.span;
    for (option, value) in &model.options.values {
        let own = object(value.to_token_stream());
        if let Some(own) = own.filter(|_| option != "tags") {
            let message = format!("`{option}` is the same for all objects, and cannot speak of `self`");
            diag.at(own, message);
            continue;
        }
        // Of what is no closure, whatever it speaks of, that has been said.
        if (option == "store_if" && model.options.store_if.is_none())
            || (option == "on_remove" && model.options.on_remove.is_none())
        {
            continue;
        }
        let names = names(value.to_token_stream()).unwrap_or_default();
        let is_of_call = |name: &&Ident| {
            let is_param = model.params.iter().any(|param| param.is_called(name));
            let is_kept = ["key", "value"].iter().any(|own| *name == own)
                || (*name == "result" && option == "store_if");
            (is_kept || (is_param && !NAMED.iter().any(|own| *name == own)))
                && module::has_none(&name.to_string(), function)
        };
        let Some(name) = names.iter().find(is_of_call) else { continue };
        let message = match options::closure_of(&option.to_string()) {
            Some(closure) => format!("each entry has a `{name}` of its own: write a closure, `{closure}`"),
            None => format!("`{option}` is the same for all calls, and cannot speak of `{name}`"),
        };
        diag.at(name, message);
    }
}
