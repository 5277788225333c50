//! `scope = ..`: whose cache a function has.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::{Expr, ExprPath, Token};

use crate::diag::Diag;
use crate::key::peel;
use crate::model::Model;
use crate::suggest::nearest;

/// Whose cache it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The process's, which is the same as saying nothing.
    #[default]
    Global,
    /// That of the thread that calls.
    Thread,
    /// The entered scope's.
    Request,
}

const NAMES: [&str; 3] = ["global", "thread", "request"];

/// Reads a value, which may be a keyword, as in `scope = static`.
pub(crate) fn read(input: ParseStream<'_>) -> syn::Result<Scope> {
    let ahead = input.fork();
    match ahead.call(Ident::parse_any) {
        Ok(word) if ahead.is_empty() || ahead.peek(Token![,]) => {
            input.advance_to(&ahead);
            scope(&Expr::Path(ExprPath { attrs: Vec::new(), qself: None, path: word.into() }))
        }
        _ => scope(&input.parse()?),
    }
}

/// Reads one of the names.
fn scope(value: &Expr) -> syn::Result<Scope> {
    let name: Option<&Ident> = match peel(value) {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    };
    let text = name.map(ToString::to_string).unwrap_or_default();
    let message = match text.as_str() {
        "global" => return Ok(Scope::Global),
        "thread" => return Ok(Scope::Thread),
        "request" => return Ok(Scope::Request),
        _ => {
            let text = text.to_lowercase();
            let hint = match text.as_str() {
                "local" | "thread_local" => Some("thread"),
                "process" | "shared" | "static" => Some("global"),
                "session" | "task" => Some("request"),
                _ => nearest(&text, NAMES.into_iter()),
            };
            let hint = hint.map_or_else(String::new, |meant| format!("did you mean `{meant}`? "));
            let all = NAMES.map(|name| format!("`{name}`")).join(", ");
            format!("`scope` says whose cache it is: {hint}expected one of {all}, without quotes")
        }
    };
    Err(syn::Error::new_spanned(value, message))
}

/// What a cache of each thread's cannot do.
pub(crate) fn check(model: &Model<'_>, diag: &mut Diag) {
    let (options, item) = (model.options, model.item);
    let Some((_, Scope::Thread)) = &options.scope else { return };
    if let Some(lazy) = &options.lazy {
        diag.at(
            lazy,
            "`lazy` and `scope = thread` contradict each other: a handle may be forced on another thread, whose cache \
             knows nothing of this one's; drop one",
        );
    }
    if let Some(batch) = &options.batch.marker {
        diag.at(
            batch,
            "`batch` and `scope = thread` contradict each other: a batch gathers the loads of all threads; drop one",
        );
    }
    for option in ["soft_timeout", "load_timeout"] {
        if let Some((name, _)) = options.age.span(option) {
            diag.at(
                name,
                format!(
                    "`{option}` and `scope = thread` contradict each other: a load that is given up goes on elsewhere, and \
                     this one cannot leave its thread; drop one"
                ),
            );
        }
    }
    if model.is_method() && item.is_boxed_future() {
        diag.at(
            &item.sig.ident,
            "a future that may move to another thread cannot use the cache of the one it began on: drop \
             `scope = thread`, or make it an `async fn`",
        );
    }
}
