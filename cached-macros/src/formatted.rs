//! A key that is a text: whether its parts can be written. What is worked out stands in several verbs, and the compiler would speak of each.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, LitStr, Token, TypeParamBound};

use crate::diag::Diag;
use crate::key::{Part, peel};
use crate::model::Model;
use crate::{tags, told, types};

/// A `format!(..)`.
struct Format {
    text: LitStr,
    args: Vec<Expr>,
}

/// Looks at `key = format!(..)`.
pub(crate) fn check(model: &Model<'_>, diag: &mut Diag) {
    let parts = model.parts.iter().filter_map(|part| match part {
        Part::Expr(part) => Some(peel(&part.written)),
        Part::Param(_) => None,
    });
    for part in parts {
        let Expr::Macro(own) = part else { continue };
        if !own.mac.path.is_ident("format") {
            continue;
        }
        let Ok(format) = read.parse2(own.mac.tokens.clone()) else { continue };
        if let Some((place, message)) = format.mistake(model) {
            return diag.at(place, message);
        }
    }
}

fn read(input: ParseStream<'_>) -> syn::Result<Format> {
    let text = input.parse()?;
    let mut args = Vec::new();
    while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
        // Of `name = value` it is the value that is written, wherever that is.
        args.push(input.parse()?);
    }
    input.parse::<syn::parse::Nothing>()?;
    Ok(Format { text, args })
}

impl Format {
    fn mistake(&self, model: &Model<'_>) -> Option<(TokenStream, String)> {
        let (text, mut next) = (self.text.value(), 0);
        let named = |name: &Ident| {
            self.args.iter().any(|arg| matches!(arg, Expr::Assign(arg) if name_of(&arg.left) == Some(name)))
        };
        for (hole, how) in tags::holes(&text) {
            // A width may be an argument as well.
            if how.contains(['$', '*']) {
                return None;
            }
            let (name, place) = if hole.is_empty() {
                next += 1;
                let arg = self.args.get(next - 1)?;
                (name_of(arg).cloned(), arg.to_token_stream())
            } else {
                let name = Ident::parse_any.parse_str(hole).ok().filter(|name| !named(name));
                (name, self.text.to_token_stream())
            };
            let asked = match how {
                "" | ":" => "Display",
                ":?" | ":#?" => "Debug",
                _ => continue,
            };
            let told = name.and_then(|name| lacking(&name, asked, model));
            if told.is_some() {
                return Some((place, told?));
            }
        }
        None
    }
}

/// What is to be said of a parameter that cannot be written so.
fn lacking(name: &Ident, asked: &str, model: &Model<'_>) -> Option<String> {
    let param = model.params.iter().find(|param| param.name == *name)?;
    let ty = types::as_reference(&param.ty).map_or(&param.ty, |own| &own.elem);
    let ty = model.own_block().filter(|_| types::is_self(ty)).map_or(ty, |block| &block.self_ty);
    let text = types::text(ty);
    let mut generics = model.all_generics().flat_map(syn::Generics::type_params);
    let is_parameter = generics.any(|param| param.ident == text);
    // Of what is put together from parameters a clause may say more.
    let is_sure = if is_parameter { has_plain_bounds(&text, model) } else { !model.names.are_in(ty) };
    if !is_sure || !told::lacks(ty, asked, model) {
        return None;
    }
    let way_out = match asked {
        _ if is_parameter => format!("add `{text}: {asked}`"),
        "Debug" => "derive that, or write into the key what of it counts".to_owned(),
        _ => "write into the key what of it counts, or `{..:?}` if it has `Debug`".to_owned(),
    };
    Some(format!("`{name}` is of type `{text}`, which has no `{asked}`: {way_out}"))
}

/// Whether all that is asked of a parameter is of those traits that bring no other one along.
fn has_plain_bounds(name: &str, model: &Model<'_>) -> bool {
    const PLAIN: &[&str] =
        &["Clone", "Copy", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd", "Send", "Sync"];
    let is_plain = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => {
            bound.path.segments.last().is_some_and(|last| PLAIN.iter().any(|plain| last.ident == plain))
        }
        _ => true,
    };
    model.all_generics().all(|generics| {
        let mut params = generics.type_params().filter(|param| param.ident == name);
        generics.where_clause.is_none() && params.all(|param| param.bounds.iter().all(is_plain))
    })
}

fn name_of(expr: &Expr) -> Option<&Ident> {
    match peel(expr) {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        Expr::Reference(reference) => name_of(&reference.expr),
        _ => None,
    }
}
