//! The attribute's arguments. [`TABLE`] is the one list of what there is: the parser, the errors and the suggestions
//! are driven by it.

use proc_macro2::{Ident, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ExprLit, Lit, LitBool, LitStr, Path, Token};

use crate::age::{self, Age};
use crate::batch::Batch;
use crate::diag::Diag;
use crate::key::{self, peel};
use crate::scope::{self, Scope};
use crate::suggest::nearest;
use crate::tags::Tags;
use crate::weight::Weight;

/// How an option is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `name = value`
    Value,
    /// `name(a, b)`
    List,
    /// `name`
    Marker,
}

pub(crate) struct Known {
    pub(crate) name: &'static str,
    form: Form,
    /// An example, as errors quote it.
    example: &'static str,
}

const fn known(name: &'static str, form: Form, example: &'static str) -> Known {
    Known { name, form, example }
}

pub(crate) const TABLE: &[Known] = &[
    known("max", Form::Value, "max = 10_000"),
    known("max_weight", Form::Value, "max_weight = 64MiB"),
    known("weigher", Form::Value, "weigher = |key, value| value.len() as u64"),
    known("ttl", Form::Value, "ttl = 60s"),
    known("idle", Form::Value, "idle = 10m"),
    known("jitter", Form::Value, "jitter = 0.1"),
    known("refresh_after", Form::Value, "refresh_after = 45s"),
    known("stale_if_error", Form::Value, "stale_if_error = 10m"),
    known("retry_after", Form::Value, "retry_after = 1s"),
    known("soft_timeout", Form::Value, "soft_timeout = 100ms"),
    known("load_timeout", Form::Value, "load_timeout = 2s"),
    known("errors", Form::Value, "errors = 5s"),
    known("single_flight", Form::Value, "single_flight = false"),
    known("policy", Form::Value, "policy = lru"),
    known("name", Form::Value, "name = \"prices\""),
    known("skip", Form::List, "skip(pool, logger)"),
    known("key", Form::Value, "key = (id, name.len())"),
    known("store_if", Form::Value, "store_if = |value| value.is_some()"),
    known("on_remove", Form::Value, "on_remove = |key, value, cause| log(key, cause)"),
    known("scope", Form::Value, "scope = thread"),
    known("tags", Form::Value, "tags = [\"user:{id}\", \"users\"]"),
    known("in", Form::Value, "in = self.prices"),
    known("lazy", Form::Marker, "lazy"),
    known("batch", Form::Marker, "batch"),
    known("max_batch", Form::Value, "max_batch = 100"),
    known("window", Form::Value, "window = 1ms"),
    known("companion", Form::Value, "companion = price_cache"),
    known("crate", Form::Value, "crate = my_crate::cached_core"),
];

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

/// Who leaves when the cache is full.
pub(crate) enum Policy {
    /// A variant of the library's `PolicyKind`.
    Known(Ident),
    /// A type of the user's.
    Own(Path),
}

/// What the companion is called.
pub(crate) enum Companion {
    Named(Ident),
    None,
}

/// What the attribute was given. Each value keeps its option's name, to point at.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) max: Option<(Ident, Expr)>,
    pub(crate) weight: Weight,
    pub(crate) age: Age,
    pub(crate) policy: Option<(Ident, Policy)>,
    pub(crate) name: Option<LitStr>,
    pub(crate) skip: Option<(Ident, Vec<Ident>)>,
    pub(crate) key: Option<(Ident, Expr)>,
    pub(crate) store_if: Option<(Ident, Expr)>,
    pub(crate) scope: Option<(Ident, Scope)>,
    pub(crate) single_flight: Option<(Ident, LitBool)>,
    pub(crate) on_remove: Option<(Ident, Expr)>,
    pub(crate) tags: Option<Tags>,
    /// `in = self.field`.
    pub(crate) inside: Option<(Ident, Expr)>,
    pub(crate) lazy: Option<Ident>,
    pub(crate) batch: Batch,
    pub(crate) companion: Option<(Ident, Companion)>,
    pub(crate) krate: Option<Path>,
    /// The names of all options that were written, also of those that have a mistake in them.
    given: Vec<Ident>,
    /// Those that are no options, and may be the beginning of one.
    unknown: Vec<Ident>,
}

/// Where the library is, as the user calls it.
pub(crate) fn path_of_crate(input: ParseStream<'_>) -> syn::Result<Path> {
    let path = input.call(Path::parse_mod_style)?;
    match path.segments.iter().find(|segment| segment.ident == "Self") {
        Some(own) => Err(syn::Error::new(
            own.ident.span(),
            "`Self` is a type; `crate` is told the path of `cached_core`",
        )),
        None => Ok(path),
    }
}

impl Options {
    /// Where `cached_core` is found.
    pub(crate) fn crate_path(&self, of_block: Option<&Path>) -> Path {
        self.krate.as_ref().or(of_block).cloned().unwrap_or_else(|| syn::parse_quote!(::cached_core))
    }

    pub(crate) fn parse(args: proc_macro2::TokenStream, diag: &mut Diag) -> Self {
        let mut options = Self::default();
        let parsed = (|input: ParseStream<'_>| {
            options.read(input, diag);
            Ok(())
        })
        .parse2(args);
        // The reader takes what it finds to the end, so only what a mistake left unread inside of parentheses can be left
        // over; and that mistake has been told.
        if diag.is_empty() {
            diag.take(parsed);
        }
        options
    }

    /// The arguments of a mark inside of a block.
    pub(crate) fn of_mark(attr: &syn::Attribute, diag: &mut Diag) -> Self {
        match &attr.meta {
            syn::Meta::Path(_) => Self::default(),
            syn::Meta::List(list) => Self::parse(list.tokens.clone(), diag),
            syn::Meta::NameValue(value) => {
                diag.at(value, "options go into parentheses: `#[memoize(max = 100)]`");
                Self::default()
            }
        }
    }

    /// On a block there is nothing to say but where the library is found.
    pub(crate) fn of_block(&self, diag: &mut Diag) {
        for name in self.given.iter().filter(|name| *name != "crate") {
            diag.at(name, format!("`{name}` goes on a function of the block: `#[memoize({name} ..)] fn ..`"));
        }
    }

    /// Whether an option was written, with a mistake in it or not.
    pub(crate) fn was_given(&self, name: &str) -> bool {
        self.given.iter().any(|given| *given == name)
    }

    /// Whether nothing was written but what is among these.
    pub(crate) fn are_only(&self, names: &[&str]) -> bool {
        self.given.iter().all(|given| names.iter().any(|name| given == name))
    }

    /// What editors are shown in the place of each option.
    pub(crate) fn hints(&self) -> Vec<Ident> {
        let hint = |name: &Ident| match hint_name(&name.to_string()).strip_prefix("r#") {
            Some(raw) => Ident::new_raw(raw, name.span()),
            None => Ident::new(hint_name(&name.to_string()), name.span()),
        };
        let names = self.given.iter().chain(&self.unknown).filter(|name| *name != "crate");
        names.filter(|name| syn::parse_str::<Ident>(hint_name(&name.to_string())).is_ok()).map(hint).collect()
    }

    /// Whether the key is another one than all parameters, so that a mistake here may be one in the key.
    pub(crate) fn changes_the_key(&self) -> bool {
        ["skip", "key", "in"].into_iter().any(|name| self.was_given(name))
    }

    fn read(&mut self, input: ParseStream<'_>, diag: &mut Diag) {
        while !input.is_empty() {
            if diag.take(self.read_one(input)).is_none() {
                skip_option(input);
            }
            if !input.is_empty() && diag.take(input.parse::<Token![,]>()).is_none() {
                skip_option(input);
                let _ = input.parse::<Token![,]>();
            }
        }
    }

    fn read_one(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let name = input.call(Ident::parse_any).map_err(|error| {
            syn::Error::new(error.span(), format!("an option was expected here: {}", expected()))
        })?;
        let text = name.to_string();
        let Some(known) = TABLE.iter().find(|known| known.name == text) else {
            let error = unknown(&name);
            self.unknown.push(name);
            return Err(error);
        };
        if self.was_given(&text) {
            return Err(syn::Error::new(name.span(), format!("`{text}` is given twice")));
        }
        self.given.push(name.clone());
        check_form(&name, known, input)?;
        self.read_value(name, known, input)
    }

    fn read_value(&mut self, name: Ident, known: &Known, input: ParseStream<'_>) -> syn::Result<()> {
        match known.name {
            "skip" => self.skip = Some((name, list(input)?)),
            "lazy" => self.lazy = Some(name),
            "batch" => self.batch.marker = Some(name),
            option => {
                input.parse::<Token![=]>()?;
                if input.is_empty() || input.peek(Token![,]) {
                    let message = format!("`{option}` needs a value: `{}`", known.example);
                    return Err(syn::Error::new(name.span(), message));
                }
                match option {
                    option if Weight::knows(option) => self.weight.read(name, input)?,
                    option if Age::knows(option) => self.age.read(name, input)?,
                    "max" => self.max = Some((name, max(input.parse()?)?)),
                    "policy" => self.policy = Some((name, policy(&input.parse()?)?)),
                    "name" => self.name = Some(string(&input.parse()?)?),
                    "max_batch" => self.batch.max = Some((name, max_batch(input.parse()?)?)),
                    "window" => self.batch.window = Some((name, age::span("window", input.parse()?)?)),
                    "key" => self.key = Some((name, key::expression(input)?)),
                    "store_if" => self.store_if = Some((name, predicate(input.parse()?)?)),
                    "single_flight" => self.single_flight = Some((name, flag(&input.parse()?)?)),
                    "scope" => self.scope = Some((name, scope::scope(&input.parse()?)?)),
                    "on_remove" => self.on_remove = Some((name, listener(input.parse()?)?)),
                    "tags" => self.tags = Some(Tags::parse(name, input)?),
                    "in" => self.inside = Some((name, field(input.parse()?)?)),
                    "companion" => self.companion = Some((name, companion(input)?)),
                    _ => self.krate = Some(input.call(path_of_crate)?),
                }
            }
        }
        Ok(())
    }
}

/// Skips the rest of an option after an error: one expression, not "up to the next comma", as closures hold commas.
fn skip_option(input: ParseStream<'_>) {
    let _ = input.parse::<Token![=]>();
    let ahead = input.fork();
    if !input.peek(Token![,]) && ahead.parse::<Expr>().is_ok() {
        let _ = input.parse::<Expr>();
    }
    while !input.is_empty() && !input.peek(Token![,]) {
        let _ = input.parse::<TokenTree>();
    }
}

fn expected() -> String {
    let names: Vec<String> = TABLE.iter().map(|known| format!("`{}`", known.name)).collect();
    format!("expected one of {}", names.join(", "))
}

fn unknown(name: &Ident) -> syn::Error {
    let text = name.to_string();
    let hint = match nearest(&text.to_lowercase(), TABLE.iter().map(|known| known.name)) {
        Some(meant) => format!("did you mean `{meant}`? "),
        None => elsewhere(&text).map_or_else(String::new, |meant| format!("say {meant}; ")),
    };
    syn::Error::new(name.span(), format!("unknown option `{text}`: {hint}{}", expected()))
}

/// What the options of other libraries are called here.
fn elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "size" | "maxsize" | "max_size" | "capacity" | "max_capacity" | "limit" => "`max`",
        "weight" | "max_bytes" | "max_memory" | "max_cost" | "memory" => "`max_weight`",
        "weighter" | "sizer" | "cost" => "`weigher`",
        "time" | "time_to_live" | "expire" | "expires" | "expiry" => "`ttl`",
        "time_to_idle" | "tti" => "`idle`",
        "ignore" | "exclude" => "`skip(..)`",
        "convert" => "`key = ..`",
        "listener" | "eviction_listener" | "removal_listener" | "on_evict" => "`on_remove`",
        "tag" | "labels" | "label" | "groups" => "`tags = [..]`",
        _ => return None,
    })
}

fn check_form(name: &Ident, known: &Known, input: ParseStream<'_>) -> syn::Result<()> {
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

fn list(input: ParseStream<'_>) -> syn::Result<Vec<Ident>> {
    let content;
    syn::parenthesized!(content in input);
    let mut names = Vec::new();
    while !content.is_empty() {
        let own = content.parse::<Option<Token![self]>>()?.map(|own| Ident::new("self", own.span));
        let name = own.map_or_else(|| content.parse::<Ident>(), Ok).map_err(|error| {
            syn::Error::new(error.span(), "`skip` takes names of parameters: `skip(pool, logger)`")
        })?;
        names.push(name);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(names)
}

fn flag(value: &Expr) -> syn::Result<LitBool> {
    match peel(value) {
        Expr::Lit(ExprLit { lit: Lit::Bool(flag), .. }) => Ok(flag.clone()),
        _ => Err(syn::Error::new_spanned(value, "`single_flight` is `true` or `false`")),
    }
}

fn max(value: Expr) -> syn::Result<Expr> {
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

fn max_batch(value: Expr) -> syn::Result<Expr> {
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

fn policy(value: &Expr) -> syn::Result<Policy> {
    let names = || POLICIES.iter().map(|(name, _)| *name);
    let all = || names().map(|policy| format!("`{policy}`")).collect::<Vec<_>>().join(", ");
    let Expr::Path(path) = peel(value) else {
        let message = format!("`policy` takes a name without quotes, or the path of a type: {}", all());
        return Err(syn::Error::new_spanned(value, message));
    };
    let path = &path.path;
    let Some(name) = path.get_ident() else { return Ok(Policy::Own(path.clone())) };
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

fn predicate(value: Expr) -> syn::Result<Expr> {
    let message = match peel(&value) {
        Expr::Closure(closure) if closure.inputs.len() == 1 => return Ok(value),
        Expr::Path(_) => return Ok(value),
        Expr::Closure(_) => {
            "the closure of `store_if` takes the value, and nothing else: `|value| value.is_some()`"
        }
        _ => "`store_if` takes a closure or a function: write `store_if = |value| value.is_some()`",
    };
    Err(syn::Error::new_spanned(&value, message))
}

fn listener(value: Expr) -> syn::Result<Expr> {
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

fn field(value: Expr) -> syn::Result<Expr> {
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

fn companion(input: ParseStream<'_>) -> syn::Result<Companion> {
    let ahead = input.fork();
    let value: Expr = input.parse()?;
    let name = ahead.parse::<Ident>().ok().filter(|_| ahead.is_empty() || ahead.peek(Token![,]));
    match name {
        Some(name) if name == "none" => Ok(Companion::None),
        Some(name) => Ok(Companion::Named(name)),
        None => Err(syn::Error::new_spanned(
            value,
            "`companion` takes a name, or `none`: write `companion = price_cache`",
        )),
    }
}

fn string(value: &Expr) -> syn::Result<LitStr> {
    match peel(value) {
        Expr::Lit(ExprLit { lit: Lit::Str(string), .. }) if !string.value().is_empty() => Ok(string.clone()),
        _ => Err(syn::Error::new_spanned(value, "`name` takes a string: write `name = \"prices\"`")),
    }
}

/// What an option is called where keywords cannot stand.
pub(crate) fn hint_name(option: &str) -> &str {
    match option {
        "in" => "r#in",
        option => option,
    }
}

/// An option as errors quote it.
#[cfg(test)]
pub(crate) fn example(option: &str) -> String {
    TABLE.iter().find(|known| known.name == option).map_or_else(String::new, |known| known.example.to_owned())
}
