//! The attribute's arguments. [`TABLE`] is the one list of what there is: the parser, the errors and the suggestions
//! are driven by it.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Lit, LitBool, LitStr, Path, Token};

use crate::age::{self, Age};
use crate::batch::Batch;
use crate::diag::Diag;
use crate::duration;
use crate::key;
use crate::scope::{self, Scope};
use crate::tags::Tags;
use crate::types;
use crate::values;
use crate::weight::Weight;

mod list;
mod skipped;

use list::{check_form, expected, is_option, meant, skip_option, unknown};

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

/// Who leaves when the cache is full.
pub(crate) enum Policy {
    /// A variant of the library's `PolicyKind`.
    Known(Ident),
    /// A type of the user's.
    Own(Path),
}

/// What the companion is called.
#[derive(Clone)]
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
    /// Values that are expressions, as they were written.
    pub(crate) values: Vec<(Ident, Expr)>,
    /// The names of all options that were written, also of those that have a mistake in them.
    given: Vec<Ident>,
    /// Those that are no options, and may be the beginning of one.
    unknown: Vec<Ident>,
    /// What those were meant for, as far as their names say.
    meant: Vec<&'static str>,
    /// The names of those with a mistake in their value.
    mistaken: Vec<String>,
    /// Whether something stands where an option should, so that of what comes after it nobody knows what it belongs to.
    is_torn: bool,
    /// What was to be skipped, as far as a `skip` with a mistake in it says.
    to_skip: Vec<String>,
}

/// Where the library is, as the user calls it.
pub(crate) fn path_of_crate(input: ParseStream<'_>) -> syn::Result<Path> {
    let path = input.call(Path::parse_mod_style).map_err(|error| {
        syn::Error::new(error.span(), "`crate` takes a path: write `crate = my_crate::cached_core`")
    })?;
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
        options.batch.imply();
        // The reader takes what it finds to the end, so only what a mistake left unread inside of parentheses can be left
        // over; and that mistake has been told.
        if diag.is_empty() && options.mistaken.is_empty() {
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
        if let Some(name) = self.given.iter().find(|name| *name != "crate") {
            diag.at(name, format!("`{name}` goes on a function of the block: `#[memoize({name} ..)] fn ..`"));
        }
    }

    /// Whether an option was written, with a mistake in it or in its name or not.
    pub(crate) fn was_given(&self, name: &str) -> bool {
        self.is_written(name) || self.is_guessed(name)
    }

    /// Whether an option was written, or one of which nobody knows what it was meant for.
    pub(crate) fn may_be_given(&self, name: &str) -> bool {
        self.was_given(name) || self.is_torn || !self.unknown.is_empty()
    }

    /// Whether an option is only what another name was meant for.
    pub(crate) fn is_guessed(&self, name: &str) -> bool {
        self.meant.contains(&name)
    }

    fn is_written(&self, name: &str) -> bool {
        self.given.iter().any(|given| *given == name)
    }

    /// Whether nothing was written but what is among these.
    pub(crate) fn are_only(&self, names: &[&str]) -> bool {
        self.given.iter().all(|given| names.iter().any(|name| given == name))
            && self.meant.iter().all(|meant| names.contains(meant))
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

    /// Whether there is a mistake in what says what the key is, or whose the cache is, or may be.
    pub(crate) fn is_unsure_of_the_key(&self) -> bool {
        let is_it = |name: &str| ["skip", "key", "in", "scope"].contains(&name);
        self.mistaken.iter().any(|name| is_it(name))
            || self.meant.iter().any(|name| is_it(name))
            || ((self.is_torn || self.unknown.len() > self.meant.len())
                && !["skip", "key"].iter().any(|name| self.is_written(name)))
    }

    /// Whether what says what the key is, or whose the cache is, names `self`.
    pub(crate) fn speak_of_self(&self) -> bool {
        let is_skipped =
            || self.skip.as_ref().is_some_and(|(_, names)| names.iter().any(|name| name == "self"));
        let is_key =
            || self.key.as_ref().is_some_and(|(_, key)| types::mentions(quote::quote!(#key), "self"));
        self.inside.is_some() || is_skipped() || is_key()
    }

    fn read(&mut self, input: ParseStream<'_>, diag: &mut Diag) {
        let before = diag.len();
        let mut has_comma = true;
        while !input.is_empty() {
            let (known, meant, written) = (self.given.len(), self.meant.len(), input.fork());
            let read = self.read_one(input);
            let is_name = written.fork().call(Ident::parse_any).is_ok();
            // Of what is no literal at all the compiler has told. What is left of a mistake is no other one.
            let is_left = self.is_torn || (diag.len() > before && (!is_name || !has_comma));
            let is_told = read.is_err() && (is_left || values::is_broken(&written));
            if read.is_err() && !is_name {
                self.is_torn = true;
                let marker = list::words(&written).into_iter().find(|word| word == "lazy" || word == "batch");
                if let Some(word) = marker {
                    self.take_marker(&Ident::new(&word, written.span()), &word);
                }
            }
            let read = read.map_err(|error| self.at_its_name(error));
            if if is_told { read.ok() } else { diag.take(read) }.is_none() {
                let mistaken = self.given[known..].iter().map(ToString::to_string);
                self.mistaken.extend(mistaken);
                if self.given[known..].iter().any(|name| name == "skip")
                    || self.meant[meant..].contains(&"skip")
                {
                    // The first word is the name of the option.
                    self.to_skip.extend(list::words(&written).into_iter().skip(1));
                }
                skip_option(input);
            }
            let comma = if input.is_empty() { Ok(()) } else { self.comma(input) };
            has_comma = comma.is_ok();
            if (if self.is_torn { comma.ok() } else { diag.take(comma) }).is_none()
                && !input.is_empty()
                && !is_option(input)
            {
                self.is_torn = true;
                skip_option(input);
                let _ = input.parse::<Token![,]>();
            }
        }
    }

    /// What has to stand behind an option.
    fn comma(&self, input: ParseStream<'_>) -> syn::Result<()> {
        let Err(error) = input.parse::<Token![,]>() else { return Ok(()) };
        let said = |what: &str| Err(syn::Error::new(error.span(), what));
        let is_span = self.given.last().is_some_and(|name| Age::knows(&name.to_string()));
        let is = |option: &str| self.given.last().is_some_and(|name| name == option);
        let unit = input.fork().parse::<Ident>().map(|unit| unit.to_string()).unwrap_or_default();
        if is_option(input) {
            said("a comma is missing before this option")
        } else if (is_span && duration::is_unit(&unit)) || (is("max_weight") && !unit.is_empty()) {
            said(&format!("a number and its unit are one word: leave out the space before `{unit}`"))
        } else if is("key") && input.peek(Token![:]) {
            said("the type of a key is written with `as`: `key = user.id as u64`")
        } else if is_span && (input.peek(Lit) || input.peek(syn::Ident)) {
            said("numbers and units are one word, `90s` or `1h30m`, or stand in quotes: `\"1h 30m\"`")
        } else if input.peek(Token![;]) {
            let _ = input.parse::<Token![;]>();
            said("options are separated by commas")
        } else {
            Err(error)
        }
    }

    /// What breaks off has no place of its own.
    fn at_its_name(&self, error: syn::Error) -> syn::Error {
        match (error.to_string().strip_prefix("unexpected end of input, "), self.given.last()) {
            (Some(what), Some(name)) => syn::Error::new(name.span(), format!("`{name}` breaks off: {what}")),
            _ => error,
        }
    }

    fn read_one(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let name = input.call(Ident::parse_any).map_err(|error| {
            // As in `max = 10,000`.
            let counts = || {
                self.given
                    .last()
                    .is_some_and(|last| ["max", "max_batch", "max_weight"].iter().any(|name| last == name))
            };
            let message = match input.fork().parse::<syn::LitInt>() {
                Ok(_) if counts() => {
                    "digits are set apart by `_`, as in `10_000`: a comma ends the option".to_owned()
                }
                _ => format!("an option was expected here: {}", expected()),
            };
            syn::Error::new(error.span(), message)
        })?;
        let text = name.to_string();
        let known = TABLE.iter().find(|known| known.name == text);
        let is_bare = (input.is_empty() || input.peek(Token![,]) || input.peek(Token![.]))
            && known.is_none_or(|known| known.form == Form::Value);
        if is_bare && self.given.last().is_some_and(|last| last == "key") {
            let message = "several parts of a key stand in parentheses: `key = (id, name.len())`";
            return Err(syn::Error::new(name.span(), message));
        }
        let Some(known) = known else {
            // An object's memo is a field, and nothing else is.
            let is_memo = input.peek(Token![=]) && input.peek2(Token![self]);
            let error = unknown(&name, is_memo);
            let meant = if is_memo { Some("in") } else { meant(&text.to_lowercase()) };
            let meant = meant.filter(|meant| *meant != "in" || is_memo);
            self.take_marker(&name, meant.unwrap_or_default());
            self.meant.extend(meant);
            self.unknown.push(name);
            return Err(error);
        };
        if self.is_written(&text) {
            let hint = if known.form == Form::List { ": one list names all of them" } else { "" };
            let error = syn::Error::new(name.span(), format!("`{text}` is given twice{hint}"));
            // What a second list names counts as well.
            self.given.extend((known.form == Form::List).then_some(name));
            return Err(error);
        }
        self.given.push(name.clone());
        self.take_marker(&name, known.name);
        check_form(&name, known, input)?;
        self.read_value(name, known, input)
    }

    /// What changes a function as a whole does so also where there is a mistake in it.
    fn take_marker(&mut self, name: &Ident, known: &str) {
        match known {
            "lazy" => self.lazy = Some(name.clone()),
            "batch" => self.batch.marker = Some(name.clone()),
            _ => {}
        }
    }

    fn read_value(&mut self, name: Ident, known: &Known, input: ParseStream<'_>) -> syn::Result<()> {
        match known.name {
            "skip" => self.skip = Some((name, list::names(input)?)),
            "lazy" | "batch" => {}
            option => {
                input.parse::<Token![=]>()?;
                if input.is_empty() || input.peek(Token![,]) {
                    let message = format!("`{option}` needs a value: `{}`", known.example);
                    return Err(syn::Error::new(name.span(), message));
                }
                if values::is_percentage(input) {
                    let message = format!("`{option}` takes no percentage: write `{}`", known.example);
                    return Err(input.error(message));
                }
                // An expression that is a value by itself is read below, and once is enough.
                let value = (!OF_NAMES.contains(&option)).then(|| input.fork().parse::<Expr>());
                self.values.extend(value.and_then(Result::ok).map(|value| (name.clone(), value)));
                match option {
                    option if Weight::knows(option) => self.weight.read(name, input)?,
                    option if Age::knows(option) => self.age.read(name, input)?,
                    "max" => self.max = Some((name, values::max(input.parse()?)?)),
                    "policy" => self.policy = Some((name, values::policy(&input.parse()?)?)),
                    "name" => self.name = Some(values::string(&input.parse()?)?),
                    "max_batch" => self.batch.max = Some((name, values::max_batch(input.parse()?)?)),
                    "window" => self.batch.window = Some((name, age::span("window", input.parse()?)?)),
                    "key" => self.key = Some((name, key::expression(input)?)),
                    "store_if" => self.store_if = Some((name, values::predicate(input.parse()?)?)),
                    "single_flight" => self.single_flight = Some((name, values::flag(&input.parse()?)?)),
                    "scope" => self.scope = Some((name, scope::read(input)?)),
                    "on_remove" => self.on_remove = Some((name, values::listener(input.parse()?)?)),
                    "tags" => self.tags = Some(Tags::parse(name, input)?),
                    "in" => self.inside = Some((name, values::field(input.parse()?)?)),
                    "companion" => {
                        let (companion, read) = values::companion(input)?;
                        self.companion = Some((name, companion));
                        read?;
                    }
                    _ => self.krate = Some(input.call(path_of_crate)?),
                }
            }
        }
        Ok(())
    }
}

/// Options whose values are not made as others are.
const OF_NAMES: &[&str] = &["companion", "in", "key", "name", "policy", "scope", "single_flight", "tags"];

/// Of an option that may have another value for each entry, how that is written.
pub(crate) fn closure_of(option: &str) -> Option<&'static str> {
    match option {
        "ttl" => Some("ttl = |key, value| .."),
        _ => TABLE
            .iter()
            .find(|known| known.name == option && known.example.contains('|'))
            .map(|known| known.example),
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
