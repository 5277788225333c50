//! The list of options, as it is written: what is known is told from what was meant for it.

use proc_macro2::{Ident, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Token};

use super::{Form, Known, TABLE};
use crate::suggest::nearest;

/// Skips the rest of an option after an error: one expression, not "up to the next comma", as closures hold commas.
pub(super) fn skip_option(input: ParseStream<'_>) {
    let _ = input.parse::<Token![=]>();
    let ahead = input.fork();
    if !input.peek(Token![,]) && ahead.parse::<Expr>().is_ok() {
        let _ = input.parse::<Expr>();
    }
    while !input.is_empty() && !input.peek(Token![,]) {
        let _ = input.parse::<TokenTree>();
    }
}

/// The words of an option, also those in quotes.
pub(super) fn words(input: ParseStream<'_>) -> Vec<String> {
    let mut found = Vec::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        let Ok(token) = input.parse::<TokenTree>() else { break };
        let text = token.to_string();
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        found.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
    }
    found
}

pub(super) fn expected() -> String {
    let names: Vec<String> = TABLE.iter().map(|known| format!("`{}`", known.name)).collect();
    format!("expected one of {}", names.join(", "))
}

/// A name that is none of an option's; whether its value is a field of the object.
pub(super) fn unknown(name: &Ident, is_memo: bool) -> syn::Error {
    let text = name.to_string();
    let plain = if is_memo { "field".to_owned() } else { text.to_lowercase() };
    let hint = match (elsewhere(&plain), meant(&plain)) {
        (Some(what), _) => format!("{what}; "),
        (None, Some(meant)) => format!("did you mean `{meant}`? "),
        (None, None) => String::new(),
    };
    syn::Error::new(name.span(), format!("unknown option `{text}`: {hint}{}", expected()))
}

/// The option that a name was meant for.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    let known = || TABLE.iter().map(|known| known.name);
    let begins = || known().find(|known| known.strip_prefix(name).is_some_and(|rest| rest.starts_with('_')));
    match elsewhere(name) {
        Some(said) => known().find(|known| {
            let quoted = said.strip_prefix("say `").and_then(|said| said.strip_prefix(known));
            quoted.is_some_and(|rest| rest.starts_with(['`', '(', ' ']))
        }),
        None => nearest(name, known()).or_else(begins),
    }
}

/// Whether an option follows.
pub(super) fn is_option(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let name = ahead.call(Ident::parse_any).map(|name| name.to_string()).unwrap_or_default();
    let form = if ahead.peek(Token![=]) && !ahead.peek(Token![==]) {
        Form::Value
    } else if ahead.peek(syn::token::Paren) {
        Form::List
    } else {
        Form::Marker
    };
    TABLE.iter().any(|known| known.name == name && known.form == form)
}

/// What the options of other libraries are called here, or why there is none.
fn elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "size" | "maxsize" | "max_size" | "capacity" | "max_capacity" | "limit" | "max_entries"
        | "max_len" => "say `max`",
        "batch_size" | "chunk_size" | "max_batch_size" => "say `max_batch`",
        "delay" | "wait" | "linger" => "say `window`",
        "weight" | "max_bytes" | "max_memory" | "max_cost" | "memory" => "say `max_weight`",
        "weighter" | "sizer" | "cost" => "say `weigher`",
        "time" | "time_to_live" | "expire" | "expires" | "expiry" | "expire_after" | "expire_after_write"
        | "lifetime" | "lifespan" | "max_age" | "duration" => "say `ttl`",
        "time_to_idle" | "max_idle" | "tti" | "expire_after_access" | "idle_timeout" | "time_refresh" => {
            "say `idle`"
        }
        "refresh_after_write" | "swr" | "stale_while_revalidate" => "say `refresh_after`",
        "result_fallback" | "grace" | "fail_safe" => "say `stale_if_error`",
        "timeout" | "deadline" => "say `load_timeout`",
        "eviction" | "eviction_policy" | "strategy" | "evict" | "order" => "say `policy`",
        "ignore" | "ignore_args" | "exclude" => "say `skip(..)`",
        "convert" | "key_fn" | "keys" => "say `key = ..`",
        "condition" | "cache_if" | "filter" | "unless" => "say `store_if`",
        "listener" | "eviction_listener" | "removal_listener" | "on_evict" => "say `on_remove`",
        "labels" | "label" | "groups" => "say `tags = [..]`",
        "lru" | "lfu" | "fifo" | "sieve" | "s3_fifo" | "s3fifo" | "tinylfu" => {
            "say `policy = lru`, or the one that is meant"
        }
        "cache_errors" | "cache_err" | "keep_errors" => "say `errors = 5s`",
        "cache_none" => "leave it out, `None` is a value like others",
        "per_instance" | "instance" | "field" | "self" => "say `in = self.prices`",
        "create" | "ty" => "leave it out, the cache is made from the types of the function",
        "thread" | "thread_local" | "local" => "say `scope = thread`",
        "global" | "request" => "say `scope = ..`",
        "skip_self" | "ignore_self" => "say `skip(self)`",
        "async" | "tokio" => "leave it out, an `async fn` is awaited as it is",
        "cache_name" | "cachename" | "cachenames" | "cache_names" | "cache" => "say `name = \"..\"`",
        "result" => "leave it out, of a `Result` only `Ok` is kept",
        "option" => "say `store_if = |value| value.is_some()`, as `None` is a value like others",
        "unbound" | "unbounded" => "leave it out, without `max` there is no bound",
        "coalesce" | "dedupe" | "once" | "sync_writes" | "sync" => {
            "leave it out, concurrent misses of a key share one load"
        }
        _ => return None,
    })
}

pub(super) fn check_form(name: &Ident, known: &Known, input: ParseStream<'_>) -> syn::Result<()> {
    if known.form == Form::Value && (input.peek(Token![==]) || input.peek(Token![=>])) {
        return Err(input.error(format!("a value is given with `=`: write `{}`", known.example)));
    }
    let found = if input.peek(Token![=]) {
        Form::Value
    } else if input.peek(syn::token::Paren) {
        Form::List
    } else {
        Form::Marker
    };
    if found == known.form {
        return Ok(());
    }
    let message = match known.form {
        Form::Marker => format!("`{}` takes no value: write `{}`", known.name, known.example),
        Form::Value => format!("`{}` needs a value: write `{}`", known.name, known.example),
        Form::List => format!("`{}` takes a list: write `{}`", known.name, known.example),
    };
    Err(syn::Error::new(name.span(), message))
}

/// Names in parentheses.
pub(super) fn names(input: ParseStream<'_>) -> syn::Result<Vec<Ident>> {
    let content;
    syn::parenthesized!(content in input);
    let mut names = Vec::new();
    while !content.is_empty() {
        let own = content.parse::<Option<Token![self]>>()?.map(|own| Ident::new("self", own.span));
        let name = own.map_or_else(|| content.parse::<Ident>(), Ok).map_err(|error| {
            syn::Error::new(error.span(), "`skip` takes names of parameters: `skip(pool, logger)`")
        })?;
        names.push(name);
        if !content.is_empty() && content.parse::<Token![,]>().is_err() {
            let message = if content.peek(syn::Ident) || content.peek(Token![self]) {
                "a comma is missing: `skip(pool, logger)`"
            } else {
                "`skip` takes names of parameters, and all of each: what of one counts, say with `key = ..`"
            };
            return Err(content.error(message));
        }
    }
    Ok(names)
}
