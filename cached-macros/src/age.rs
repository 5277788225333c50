//! The options that speak of time: how they are written, what contradicts what, and how they are said to the library.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::{Expr, ExprClosure, ExprLit, Lit, Path};

use crate::diag::Diag;
use crate::key::peel;
use crate::options::Options;
use crate::types;
use crate::{closures, duration};

/// A span of time.
pub(crate) enum Ttl {
    /// Seconds and nanoseconds.
    Literal(u64, u32),
    Expr(Expr),
    /// Worked out for each entry.
    Closure(ExprClosure),
}

impl Ttl {
    /// An expression of type `Duration`, or of whole seconds.
    pub(crate) fn say(&self) -> TokenStream {
        match self {
            Self::Literal(seconds, nanos) => quote!(::core::time::Duration::new(#seconds, #nanos)),
            Self::Expr(expr) => quote!(#expr),
            Self::Closure(closure) => quote!(#closure),
        }
    }
}

/// Those of them that are spans.
const SPANS: &[&str] = &[
    "ttl",
    "idle",
    "refresh_after",
    "stale_if_error",
    "retry_after",
    "soft_timeout",
    "load_timeout",
    "errors",
];

/// What was given of them. Each value keeps its option's name, to point at.
#[derive(Default)]
pub(crate) struct Age {
    spans: Vec<(Ident, Ttl)>,
    jitter: Option<(Ident, Expr)>,
}

impl Age {
    pub(crate) fn knows(option: &str) -> bool {
        SPANS.contains(&option) || option == "jitter"
    }

    pub(crate) fn read(&mut self, name: Ident, input: ParseStream<'_>) -> syn::Result<()> {
        let value = input.parse()?;
        if name == "jitter" {
            self.jitter = Some((name, share(value)?));
        } else {
            let span = span(&name.to_string(), value)?;
            self.spans.push((name, span));
        }
        Ok(())
    }

    pub(crate) fn span(&self, option: &str) -> Option<(&Ident, &Ttl)> {
        self.spans.iter().find(|(name, _)| name == option).map(|(name, span)| (name, span))
    }

    /// Options that need or exclude each other.
    pub(crate) fn check(&self, options: &Options, diag: &mut Diag) {
        // Also one with a mistake in it counts.
        let was_given = &|option: &str| options.may_be_given(option);
        self.check_life(was_given, options.was_given("batch"), diag);
        if options.was_given("batch") {
            self.check_batch(diag);
        } else {
            self.check_reloads(was_given, diag);
        }
        if let (Some(life), Some((name, idle))) = (self.literal("ttl"), self.literal("idle")) {
            if idle > life.1 {
                diag.at(
                    name,
                    "`idle` never ends an entry that `ttl` ends before: make `idle` the shorter one",
                );
            }
        }
    }

    /// Options that speak of an end which entries have. Where several do, one thing is missing.
    fn check_life(&self, was_given: &dyn Fn(&str) -> bool, is_batch: bool, diag: &mut Diag) {
        if was_given("ttl") {
            return;
        }
        if let Some((name, _)) = &self.jitter {
            diag.at(name, "`jitter` shortens each entry's time to live, and there is none: add `ttl = ..`");
            return;
        }
        let stale = self.span("stale_if_error").filter(|_| !is_batch && !was_given("idle"));
        if let Some((name, _)) = stale {
            diag.at(name, "`stale_if_error` is for what has expired, and nothing ever does: add `ttl = ..`");
        }
    }

    /// Whether values may be served past their time.
    pub(crate) fn reloads(&self) -> bool {
        self.span("refresh_after").is_some()
    }

    fn check_reloads(&self, was_given: &dyn Fn(&str) -> bool, diag: &mut Diag) {
        if let (Some((_, life)), Some((name, age))) = (self.literal("ttl"), self.literal("refresh_after")) {
            if age >= life {
                diag.at(
                    name,
                    "`refresh_after` has to come before `ttl`: what has expired is not served while it is reloaded",
                );
            }
        }
        let retries = was_given("stale_if_error") || was_given("refresh_after");
        if let (Some((name, _)), false) = (self.span("retry_after"), retries) {
            diag.at(
                name,
                "`retry_after` is for reloads that fail: add `stale_if_error = ..` or `refresh_after = ..`",
            );
        }
        self.check_timeouts(was_given, diag);
    }

    /// Options that a batch excludes.
    fn check_batch(&self, diag: &mut Diag) {
        for (option, why) in [
            ("refresh_after", "keys of a batch are not reloaded"),
            ("stale_if_error", "keys of a batch are not reloaded"),
            ("retry_after", "keys of a batch are not reloaded"),
            ("soft_timeout", "keys of a batch are not reloaded"),
            ("load_timeout", "a run loads keys of many callers; give the body a deadline of its own"),
            ("errors", "what a run fails with is told to who waits for it, and forgotten"),
        ] {
            let is_of_another = option == "retry_after" && self.keeps_old();
            if let Some((name, _)) = self.span(option).filter(|_| !is_of_another) {
                diag.at(name, format!("`{option}` and `batch` cannot be together: {why}"));
            }
        }
    }

    fn check_timeouts(&self, was_given: &dyn Fn(&str) -> bool, diag: &mut Diag) {
        let keeps_old = was_given("stale_if_error") || was_given("refresh_after");
        if let (Some((name, _)), false) = (self.span("soft_timeout"), keeps_old) {
            diag.at(
                name,
                "`soft_timeout` needs an old value to give up for: add `stale_if_error = ..` or `refresh_after = ..`",
            );
        }
        if let (Some((name, soft)), Some((_, hard))) =
            (self.literal("soft_timeout"), self.literal("load_timeout"))
        {
            if soft >= hard {
                diag.at(
                    name,
                    "`soft_timeout` has to be shorter than `load_timeout`: a load that is given up is waited for by nobody",
                );
            }
        }
    }

    /// Whether there may be an old value beside a reload.
    pub(crate) fn keeps_old(&self) -> bool {
        self.span("stale_if_error").is_some() || self.span("refresh_after").is_some()
    }

    /// Whether callers wait for reloads for so long and no longer.
    pub(crate) fn is_soft(&self) -> bool {
        self.span("soft_timeout").is_some()
    }

    /// Whether loads may take so long and no longer.
    pub(crate) fn is_limited(&self) -> bool {
        self.span("load_timeout").is_some()
    }

    /// An option that is a literal, in seconds and nanoseconds.
    fn literal(&self, option: &str) -> Option<(&Ident, (u64, u32))> {
        match self.span(option)? {
            (name, Ttl::Literal(seconds, nanos)) => Some((name, (*seconds, *nanos))),
            _ => None,
        }
    }

    /// The calls of `Options`' builder.
    pub(crate) fn builder(&self) -> TokenStream {
        let mut calls = TokenStream::new();
        for (name, span) in &self.spans {
            if !matches!(span, Ttl::Closure(_)) && name != "errors" {
                let span = span.say();
                calls.extend(quote!(.#name(#span)));
            }
        }
        if let Some((name, share)) = &self.jitter {
            calls.extend(quote!(.#name(#share)));
        }
        calls
    }

    /// The calls of `Hooks`' builder.
    pub(crate) fn hooks(&self, krate: &Path) -> TokenStream {
        let is_hook = |(name, span): &&(Ident, Ttl)| matches!(span, Ttl::Closure(_)) || name == "errors";
        let closures = self.spans.iter().filter(is_hook);
        let call = |(name, closure): &(Ident, Ttl)| {
            let closure = match closure {
                Ttl::Closure(closure) => closures::yielding_once(closure, krate, "ttl"),
                span => span.say(),
            };
            quote!(.#name(#closure))
        };
        closures.map(call).collect()
    }
}

/// A span as it is written: `60s`, `"1h 30m"`, whole seconds, an expression; a closure where that can be.
pub(crate) fn span(option: &str, value: Expr) -> syn::Result<Ttl> {
    let text = match peel(&value) {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => {
            int.to_string().trim_end_matches("u64").trim_end_matches("u32").to_owned()
        }
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => float.to_string(),
        Expr::Lit(ExprLit { lit: Lit::Str(string), .. }) => string.value(),
        Expr::Lit(other) => other.to_token_stream().to_string(),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => {
            let message = if option == "ttl" {
                "a time to live cannot be negative".to_owned()
            } else {
                format!("`{option}` cannot be negative")
            };
            return Err(syn::Error::new_spanned(&value, message));
        }
        other => {
            if let Some(number) = types::number_with_a_unit(value.to_token_stream(), &duration::is_unit) {
                return Err(syn::Error::new(
                    number.span(),
                    "a number with a unit stands alone: write `90s` or `1h30m`, or an expression of type `Duration`",
                ));
            }
            return match other {
                Expr::Closure(closure) => per_entry(option, closure),
                _ => Ok(Ttl::Expr(value)),
            };
        }
    };
    let (seconds, nanos) =
        duration::parse(&text).map_err(|message| syn::Error::new_spanned(&value, message))?;
    Ok(Ttl::Literal(seconds, nanos))
}

fn per_entry(option: &str, closure: &ExprClosure) -> syn::Result<Ttl> {
    if option != "ttl" {
        let message =
            format!("`{option}` takes one duration for all entries: `60s`, or a `Duration` expression");
        return Err(syn::Error::new_spanned(closure, message));
    }
    if closure.inputs.len() != 2 {
        let message = "`ttl` is worked out from an entry's key and value: write `ttl = |key, value| ..`";
        return Err(syn::Error::new_spanned(closure, message));
    }
    Ok(Ttl::Closure(closure.clone()))
}

fn share(value: Expr) -> syn::Result<Expr> {
    let message = "`jitter` takes a share from 0 to 1: write `jitter = 0.1`";
    let number = match peel(&value) {
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) if matches!(float.suffix(), "" | "f32" | "f64") => {
            float.base10_parse::<f64>()
        }
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if matches!(int.suffix(), "" | "f32" | "f64") => {
            int.base10_parse::<f64>()
        }
        Expr::Lit(_) | Expr::Closure(_) => return Err(syn::Error::new_spanned(&value, message)),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => {
            return Err(syn::Error::new_spanned(&value, message));
        }
        _ => return Ok(value),
    };
    match number {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(syn::parse_quote!(#share)),
        _ => Err(syn::Error::new_spanned(&value, message)),
    }
}
