//! `scope = ..`: whose cache a function has.

use proc_macro2::Ident;
use syn::Expr;

use crate::key::peel;
use crate::suggest::nearest;

/// Whose cache it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The process's, which is the same as saying nothing.
    #[default]
    Global,
    /// The entered scope's.
    Request,
}

const NAMES: [&str; 3] = ["global", "thread", "request"];

/// Reads one of the names.
pub(crate) fn scope(value: &Expr) -> syn::Result<Scope> {
    let name: Option<&Ident> = match peel(value) {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    };
    let text = name.map(ToString::to_string).unwrap_or_default();
    let message = match text.as_str() {
        "global" => return Ok(Scope::Global),
        "request" => return Ok(Scope::Request),
        "thread" => format!("`scope = {text}` cannot be had yet: a cache is the process's"),
        _ => {
            let hint = nearest(&text.to_lowercase(), NAMES.into_iter());
            let hint = hint.map_or_else(String::new, |meant| format!("did you mean `{meant}`? "));
            let all = NAMES.map(|name| format!("`{name}`")).join(", ");
            format!("`scope` says whose cache it is: {hint}expected one of {all}, without quotes")
        }
    };
    Err(syn::Error::new_spanned(value, message))
}
