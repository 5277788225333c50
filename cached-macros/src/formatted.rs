//! A key that is a text: whether its parts can be written. What is worked out stands in several verbs, and the compiler would speak of each.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, LitStr, Token};

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
        Part::Expr(part) => Some(peel(&part.0)),
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
        let mut generics = model.all_generics().flat_map(syn::Generics::type_params);
        let mut is_parameter = |name: &str| generics.any(|param| param.ident == name);
        for (hole, how) in tags::holes(&text) {
            let asked = match how {
                "" | ":" => "Display",
                ":?" | ":#?" => "Debug",
                _ => continue,
            };
            let (name, place) = if hole.is_empty() {
                next += 1;
                let arg = self.args.get(next - 1)?;
                (name_of(arg)?.clone(), arg.to_token_stream())
            } else {
                let name = Ident::parse_any.parse_str(hole).ok()?;
                (name, self.text.to_token_stream())
            };
            let Some(param) = model.params.iter().find(|param| param.name == name) else { continue };
            let ty = types::as_reference(&param.ty).map_or(&param.ty, |own| &own.elem);
            let ty = model.own_block().filter(|_| types::is_self(ty)).map_or(ty, |block| &block.self_ty);
            if told::lacks(ty, asked, model) {
                let text = types::text(ty);
                let way_out = match asked {
                    _ if is_parameter(&text) => format!("add `{text}: {asked}`"),
                    "Debug" => "derive that, or write into the key what of it counts".to_owned(),
                    _ => "write into the key what of it counts, or `{..:?}` if it has `Debug`".to_owned(),
                };
                return Some((
                    place,
                    format!("`{name}` is of type `{text}`, which has no `{asked}`: {way_out}"),
                ));
            }
        }
        None
    }
}

fn name_of(expr: &Expr) -> Option<&Ident> {
    match peel(expr) {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        Expr::Reference(reference) => name_of(&reference.expr),
        _ => None,
    }
}
