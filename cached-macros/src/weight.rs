//! The options that speak of weight: how they are written, what needs what, and how they are said to the library.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Lit, Path};

use crate::diag::Diag;
use crate::key::peel;
use crate::{closures, types};

/// Units of memory: those of the decimal prefixes, and those of the binary ones.
const UNITS: &[(&str, u128)] = &[
    ("B", 1),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// What may stand behind a number without being a unit.
const NONE: &[&str] = &["", "u64", "u32", "usize"];

/// What was given of them. Each value keeps its option's name, to point at.
#[derive(Default)]
pub(crate) struct Weight {
    max: Option<(Ident, Max)>,
    weigher: Option<(Ident, Expr)>,
}

enum Max {
    Literal(u64),
    Expr(Box<Expr>),
}

impl Weight {
    pub(crate) fn weigher(&self) -> Option<&Expr> {
        self.weigher.as_ref().map(|(_, weigher)| weigher)
    }

    pub(crate) fn knows(option: &str) -> bool {
        ["max_weight", "weigher"].contains(&option)
    }

    pub(crate) fn read(&mut self, name: Ident, input: ParseStream<'_>) -> syn::Result<()> {
        let value = input.parse()?;
        if name == "weigher" {
            self.weigher = Some((name, weigher(value)?));
        } else {
            self.max = Some((name, max(value)?));
        }
        Ok(())
    }

    /// Neither is of use without the other. `was_given` knows also of those that have a mistake in them.
    pub(crate) fn check(&self, was_given: &dyn Fn(&str) -> bool, diag: &mut Diag) {
        if let (Some((name, _)), false) = (&self.weigher, was_given("max_weight")) {
            diag.at(
                name,
                "`weigher` says what an entry weighs, and nothing bounds the weight: add `max_weight = ..`",
            );
        }
        if let (Some((name, _)), false) = (&self.max, was_given("weigher")) {
            diag.at(
                name,
                "`max_weight` needs to know what an entry weighs: add `weigher = |key, value| ..`; \
                 `max = ..` bounds the number of entries",
            );
        }
    }

    /// The calls of `Options`' builder.
    pub(crate) fn builder(&self, krate: &Path) -> TokenStream {
        match &self.max {
            Some((name, Max::Literal(max))) => quote!(.#name(#max)),
            Some((name, Max::Expr(max))) => {
                let max = closures::asked_once(max, krate, "max_weight");
                quote!(.#name(#max))
            }
            None => TokenStream::new(),
        }
    }

    /// The calls of `Hooks`' builder.
    pub(crate) fn hooks(&self, krate: &Path) -> TokenStream {
        let Some((name, weigher)) = &self.weigher else { return TokenStream::new() };
        let weigher = closures::hook(weigher, krate, "weigher");
        quote!(.#name(#weigher))
    }
}

fn max(value: Expr) -> syn::Result<Max> {
    let parsed = match peel(&value) {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => scale(int.base10_digits(), int.suffix()),
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => scale(float.base10_digits(), float.suffix()),
        Expr::Lit(ExprLit { lit: Lit::Str(string), .. }) => parse(&string.value()),
        Expr::Lit(_) | Expr::Closure(_) => Err(explain("no weight")),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => {
            Err("`max_weight` cannot be negative; 0 keeps nothing".to_owned())
        }
        _ => {
            let is_unit = |unit: &str| UNITS.iter().any(|(name, _)| *name == unit);
            return match types::number_with_a_unit(value.to_token_stream(), &is_unit) {
                Some(number) => Err(syn::Error::new(
                    number.span(),
                    "a number with a unit stands alone: write `64MiB`, or an expression of type `u64`",
                )),
                None => Ok(Max::Expr(Box::new(value))),
            };
        }
    };
    parsed.map(Max::Literal).map_err(|message| syn::Error::new_spanned(&value, message))
}

/// Reads a weight in quotes.
fn parse(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    scale(&number.replace('_', ""), unit.trim_start())
}

/// A decimal number of units in bytes; what is below a byte is cut off.
fn scale(number: &str, unit: &str) -> Result<u64, String> {
    let plain = NONE.contains(&unit);
    let size = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, size)| *size);
    let Some(size) = size.or(plain.then_some(1)) else {
        let meant = UNITS.iter().map(|(name, _)| *name).find(|name| name.eq_ignore_ascii_case(unit));
        let hint = meant.map_or_else(String::new, |meant| format!(" (did you mean `{meant}`?)"));
        return Err(explain(&format!("`{unit}` is no unit of memory{hint}")));
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if plain && !fraction.is_empty() {
        return Err(explain(&format!("`{number}` has no unit and is no whole number")));
    }
    let no_number = || explain(&format!("`{number}` is no number"));
    let is_number = |digits: &str| digits.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) || fraction.len() > 18 {
        return Err(no_number());
    }
    let too_much = || "`max_weight` is a `u64`, and this is more than it holds".to_owned();
    let whole = whole.parse::<u128>().ok().and_then(|whole| whole.checked_mul(size)).ok_or_else(too_much)?;
    let places = u32::try_from(fraction.len()).map_err(|_| no_number())?;
    let part = fraction.parse::<u128>().unwrap_or(0) * size / 10_u128.pow(places);
    u64::try_from(whole.saturating_add(part)).map_err(|_| too_much())
}

fn explain(what: &str) -> String {
    let units: Vec<_> = UNITS.iter().map(|(name, _)| *name).collect();
    format!("{what}: write `64MiB`, `10KB`, or a whole number (units: {})", units.join(", "))
}

fn weigher(value: Expr) -> syn::Result<Expr> {
    let is_one = match peel(&value) {
        Expr::Closure(closure) => closure.inputs.len() == 2 && closure.asyncness.is_none(),
        Expr::Lit(_) | Expr::Binary(_) | Expr::Unary(_) => false,
        _ => true,
    };
    if is_one {
        return Ok(value);
    }
    let message = "`weigher` works out what an entry weighs from its key and value: \
                   write `weigher = |key, value| value.len() as u64`";
    Err(syn::Error::new_spanned(&value, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_understood() {
        let cases = [
            ("64MiB", 64 << 20),
            ("10KB", 10_000),
            ("1.5GiB", 3 << 29),
            ("0.1KB", 100),
            ("64 MiB", 64 << 20),
            ("1_000", 1_000),
            ("7B", 7),
            ("0", 0),
            ("2TB", 2_000_000_000_000),
            ("18446744073709551615", u64::MAX),
        ];
        for (text, bytes) in cases {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn what_is_no_weight_is_explained() {
        let cases = [
            ("", "`` is no number"),
            ("64mib", "did you mean `MiB`?"),
            ("64M", "`M` is no unit of memory"),
            ("1.5", "`1.5` has no unit"),
            ("1.2.3KB", "`1.2.3` is no number"),
            ("MiB", "`` is no number"),
            ("16777216TiB", "more than it holds"),
            ("340282366920938463463374607431768211456", "more than it holds"),
        ];
        for (text, reason) in cases {
            let error = parse(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
