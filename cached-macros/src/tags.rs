//! `tags`: labels made of literals with holes, and of expressions, over the key's parts and the value.
//!
//! A tag must be known wherever an entry can come from: a call, an `insert` by key, a reload on another thread. What all of
//! them have is the key. So a tag speaks of parameters that are part of it.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit, LitStr};

use crate::diag::Diag;
use crate::expand::ours;
use crate::key::{Part, part_name, peel};
use crate::model::Model;
use crate::patterns::{self, Pattern};
use crate::shape::Shape;
use crate::{types, unknown, writers};

/// What was given: the option's name, and a tag each.
pub(crate) struct Tags {
    name: Ident,
    all: Vec<One>,
}

/// A tag.
enum One {
    /// A text, with holes that hold a name each: the compiler reads them, and points into them.
    Plain(LitStr, Vec<Ident>),
    /// A text whose holes hold expressions: as a format and its arguments.
    Rich(LitStr, Vec<Expr>),
    Expr(Box<Expr>),
}

/// Names for what an entry is stored with. The second is how writers call it.
const VALUES: &[&str] = &["value", "result"];

impl Tags {
    pub(crate) fn parse(name: Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let value: Expr = input.parse()?;
        let Expr::Array(array) = peel(&value) else {
            let message = "`tags` takes a list: write `tags = [\"user:{id}\", \"users\"]`";
            return Err(syn::Error::new_spanned(&value, message));
        };
        if array.elems.is_empty() {
            let message = "`tags` names no tag: write `tags = [\"user:{id}\"]`, or leave it out";
            return Err(syn::Error::new_spanned(&value, message));
        }
        let all = array.elems.iter().map(one).collect::<syn::Result<_>>()?;
        Ok(Self { name, all })
    }

    /// What cannot be known where a tag is made.
    pub(crate) fn check(&self, model: &Model<'_>, diag: &mut Diag) {
        let known: Vec<_> = bindings(model, &quote!(key)).into_iter().map(|(name, _)| name).collect();
        let before = diag.len();
        if let Some((place, why)) = self.of_no_text(model) {
            return diag.at(place, why);
        }
        let names = patterns::names(&model.params);
        let unknown = |one: &One| one.unknown(&names, model.item.sig.fn_token.span);
        let unknown: BTreeMap<_, _> = self.all.iter().filter_map(unknown).collect();
        for (name, message) in unknown {
            diag.at(name, message);
        }
        let mut told = Vec::new();
        for one in &self.all {
            for name in one.names().values() {
                let text = name.to_string();
                let is_hidden = names.contains(&text) && !known.contains(&text);
                if told.contains(&text) || !is_hidden || one.is_part(model) {
                    continue;
                }
                let way_out = if model.options.batch.marker.is_some() {
                    "each key of a batch has its own tags: say `key`"
                } else if model.is_spoken_of_by_key(name) {
                    "say `key`, which is what `key = ..` made of it"
                } else if model.options.key.is_some() {
                    "let `key = ..` speak of it as well"
                } else {
                    "a tag can speak of the key and of `value`"
                };
                diag.at(name, format!("`{text}` is not part of the key: {way_out}"));
                told.push(text);
            }
        }
        let speaks_of_key = |one: &One| !one.is_of_value(model) || one.names().contains_key("key");
        if diag.len() == before
            && !model.key_is_named()
            && self.all.iter().any(|one| !one.names().is_empty() && speaks_of_key(one))
        {
            diag.at(
                &self.name,
                "tags speak of a key of a type that is not written down: say it, as in `key = user.id as u64`",
            );
        }
    }

    /// What a tag cannot be made of, and why.
    fn of_no_text(&self, model: &Model<'_>) -> Option<(Ident, String)> {
        if model.item.receiver().is_none() {
            let own = self.all.iter().find_map(|one| one.names().remove("self"));
            let why = "this function has no `self`: a tag speaks of the key and of `value`";
            if let Some(own) = own {
                return Some((own, why.to_owned()));
            }
        }
        let is_number = |param: &crate::key::Param| {
            types::PRIMITIVES.iter().any(|name| *name != "str" && is_named(&param.ty, name))
        };
        let is_it = |name: &&Ident| model.params.iter().any(|param| param.name == **name && is_number(param));
        let name = self.all.iter().filter_map(One::is_name).find(is_it)?;
        Some((name.clone(), format!("a tag is a text: write `\"{name}:{{{name}}}\"`")))
    }

    /// The hooks, as calls of the library's builder.
    pub(crate) fn hooks(&self, model: &Model<'_>) -> TokenStream {
        let (of_value, of_key): (Vec<_>, Vec<_>) = self.all.iter().partition(|one| one.is_of_value(model));
        let (key, value) = (Ident::new("key", Span::mixed_site()), Ident::new("value", Span::mixed_site()));
        let list = |all: &[&One]| {
            let all = all.iter().map(|one| one.write(model, &key, &value));
            quote!(::std::vec![#(#all),*])
        };
        let mut hooks = TokenStream::new();
        if !of_key.is_empty() {
            let list = list(&of_key);
            hooks.extend(quote!(.tags_of_key(|#key| #list)));
        }
        if !of_value.is_empty() {
            let list = list(&of_value);
            hooks.extend(quote!(.tags_of_value(|#key, #value| #list)));
        }
        hooks
    }
}

/// A tag that speaks of what is around it.
pub(crate) struct Text(One);

impl Text {
    pub(crate) fn of(value: &Expr) -> syn::Result<Self> {
        one(value).map(Self)
    }

    /// What is wrong with it where the parameters are these, each with whether it is a number.
    pub(crate) fn error(&self, params: &[(String, bool)], function: Span) -> Option<(Ident, String)> {
        let is_number = |name: &&Ident| params.iter().any(|(own, is_number)| *is_number && **name == *own);
        let names: Vec<_> = params.iter().map(|(name, _)| name.clone()).collect();
        let number = self.0.is_name().filter(is_number);
        let number =
            number.map(|name| (name.clone(), format!("a tag is a text: write `\"{name}:{{{name}}}\"`")));
        number.or_else(|| self.0.unknown(&names, function))
    }

    /// All that it speaks of.
    pub(crate) fn tokens(&self) -> TokenStream {
        self.0.tokens()
    }

    /// An expression of type `Tag`.
    pub(crate) fn write(&self, krate: &syn::Path) -> TokenStream {
        let made = match &self.0 {
            One::Rich(format, exprs) => quote!(::std::format!(#format, #(#exprs),*)),
            One::Expr(expr) => quote!(#expr),
            One::Plain(..) => self.0.plain(),
        };
        self.0.made_tag(krate, &made)
    }
}

fn one(value: &Expr) -> syn::Result<One> {
    match peel(value) {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => literal(text),
        Expr::Lit(_) => {
            Err(syn::Error::new_spanned(value, "a tag is a text: write `\"user:{id}\"`, or an expression"))
        }
        _ => Ok(One::Expr(Box::new(value.clone()))),
    }
}

/// Takes the holes out of a text.
fn literal(text: &LitStr) -> syn::Result<One> {
    let whole = text.value();
    let at = |message: String| syn::Error::new(text.span(), message);
    let (mut format, mut holes, mut plain) = (String::new(), Vec::new(), true);
    let mut rest = whole.as_str();
    while let Some(brace) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(brace);
        format.push_str(before);
        if after.starts_with("{{") || after.starts_with("}}") {
            format.push_str(&after[..2]);
            rest = &after[2..];
            continue;
        }
        let end = after.starts_with('{').then(|| closing(after)).flatten();
        let Some(end) = end else {
            return Err(at(
                "a brace in a tag begins or ends a hole, `{id}`; one that is meant is doubled".into()
            ));
        };
        let (hole, spec) = split(&after[1..end]);
        rest = &after[end + 1..];
        // A parameter `r#type` is spoken of without its mark, as in other texts.
        let read = syn::parse_str::<Expr>(hole).or_else(|_| syn::parse_str(&format!("r#{hole}")));
        let expr = read.ok().filter(|expr| !matches!(expr, Expr::Lit(_)));
        let Some(expr) = expr else {
            let hole = hole.trim();
            let message = if hole.is_empty() {
                "an empty hole in a tag: write into it what is to stand there, as in `{id}`".to_owned()
            } else {
                format!(
                    "`{{{hole}}}` is no hole of a tag: it holds a parameter, as `{{id}}`, or an expression"
                )
            };
            return Err(at(message));
        };
        plain &=
            matches!(&expr, Expr::Path(path) if path.path.get_ident().is_some_and(|name| name != "self"));
        format.extend(["{", spec, "}"]);
        holes.push(types::respanned(expr.to_token_stream(), text.span()));
    }
    if plain {
        let names = holes.into_iter().map(syn::parse2).collect::<syn::Result<_>>()?;
        return Ok(One::Plain(text.clone(), names));
    }
    format.push_str(rest);
    let holes = holes.into_iter().map(syn::parse2).collect::<syn::Result<_>>()?;
    Ok(One::Rich(LitStr::new(&format, text.span()), holes))
}

/// The holes of a text that can be read, and how each is to be written.
pub(crate) fn holes(text: &str) -> Vec<(&str, &str)> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(brace) = rest.find('{') {
        rest = &rest[brace..];
        match closing(rest) {
            _ if rest.starts_with("{{") => rest = &rest[2..],
            Some(end) => {
                found.push(split(&rest[1..end]));
                rest = &rest[end + 1..];
            }
            None => break,
        }
    }
    found
}

/// Where the hole ends that a text begins with.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// An expression, and how it is to be formatted: what begins with the first colon that is no part of a path.
fn split(hole: &str) -> (&str, &str) {
    let bytes = hole.as_bytes();
    let mut depth = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let is_path = bytes.get(at + 1) == Some(&b':') || (at > 0 && bytes[at - 1] == b':');
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b':' if depth == 0 && !is_path => return (hole[..at].trim(), &hole[at..]),
            _ => {}
        }
    }
    (hole.trim(), "")
}

/// What a name stands for: an expression of the key, which `key` is.
fn bindings(model: &Model<'_>, key: &TokenStream) -> Vec<(String, TokenStream)> {
    let mut all = Vec::new();
    let is_batch = model.options.batch.marker.is_some();
    let is_tuple = model.parts.len() != 1;
    for (index, part) in model.parts.iter().enumerate().filter(|_| !is_batch) {
        let place = syn::Index::from(index);
        let (lent, shape) =
            (if is_tuple { quote!((&#key.#place)) } else { quote!((#key)) }, &model.shapes[index]);
        match part {
            Part::Param(param) => {
                let param = &model.params[*param];
                match &param.pattern {
                    Some(pattern) => {
                        all.extend(taken_apart(model, pattern, &param.ty, &lent, shape.as_ref()));
                    }
                    None => all.push((param.name.to_string(), value_of(&param.ty, lent, shape.as_ref()))),
                }
            }
            // It may be just what a pattern binds.
            Part::Expr(part) => {
                let name = patterns::alone(&model.params, &part.written).map(ToString::to_string);
                let value = || part.ty.as_ref().map_or(lent.clone(), |ty| value_of(ty, lent, shape.as_ref()));
                all.extend(name.map(|name| (name, value())));
            }
        }
    }
    // What `key = ..` makes of a parameter of that name is the key as well.
    let is_worked_out = model.options.key.is_some() && !all.iter().any(|(name, _)| name == "key");
    if is_worked_out || !model.params.iter().any(|param| param.name == "key") {
        all.push(("key".to_owned(), quote!((#key))));
    }
    all
}

/// What a part of the key is to the function that takes it, of what is lent of the key.
fn value_of(ty: &syn::Type, lent: TokenStream, shape: Option<&Shape>) -> TokenStream {
    match shape {
        Some(Shape::Leaf(leaf)) if is_float(&leaf.ty) => quote!(#lent.0),
        Some(Shape::Leaf(_)) if types::as_reference(ty).is_none() => {
            quote!(::core::clone::Clone::clone(#lent))
        }
        Some(Shape::Ref(inner)) => match (&**inner, types::as_reference(ty)) {
            (Shape::Leaf(leaf), Some(_)) if is_float(&leaf.ty) => quote!((&#lent.0)),
            (Shape::Leaf(leaf), Some(_)) => {
                let ty = types::forever(&leaf.ty);
                quote!(::core::borrow::Borrow::<#ty>::borrow(#lent))
            }
            _ => lent,
        },
        _ => lent,
    }
}

/// The same of what a pattern binds of it.
fn taken_apart(
    model: &Model<'_>,
    pattern: &Pattern,
    ty: &syn::Type,
    lent: &TokenStream,
    shape: Option<&Shape>,
) -> Vec<(String, TokenStream)> {
    let is_lent = matches!(shape, Some(Shape::Ref(_)));
    let (place, lent) = if is_lent {
        let value = value_of(ty, lent.clone(), shape);
        (value.clone(), value)
    } else {
        let krate = &model.krate;
        // What a thread keeps to itself is wrapped.
        let lent = match shape {
            Some(Shape::Leaf(_)) if model.is_of_thread() => {
                let (own, ty) = (ours("own"), model.forever(ty));
                quote!({ let #own: &#ty = #lent; #own })
            }
            _ => lent.clone(),
        };
        (quote!(*#lent), quote!(#krate::__private::lent(#lent)))
    };
    let bound = |name: &Ident| {
        let bound = pattern.bind(&[name], &place, &lent, &model.krate);
        (name.to_string(), quote!({ #bound #name }))
    };
    pattern.names().iter().map(bound).collect()
}

fn is_named(ty: &syn::Type, name: &str) -> bool {
    matches!(types::peel(ty), syn::Type::Path(path) if path.path.is_ident(name))
}

fn is_float(ty: &syn::Type) -> bool {
    is_named(ty, "f32") || is_named(ty, "f64")
}

impl One {
    /// The name that it is alone.
    fn is_name(&self) -> Option<&Ident> {
        match self {
            Self::Expr(expr) => match peel(expr) {
                Expr::Path(path) => path.path.get_ident(),
                _ => None,
            },
            _ => None,
        }
    }

    /// A name in it that is that of nothing, and why.
    fn unknown(&self, params: &[String], function: Span) -> Option<(Ident, String)> {
        let roots: Vec<&Ident> = match self {
            Self::Plain(_, names) => names.iter().collect(),
            Self::Rich(_, exprs) => exprs.iter().filter_map(unknown::root).collect(),
            Self::Expr(expr) => unknown::root(expr).into_iter().collect(),
        };
        let mut unknown =
            roots.into_iter().filter_map(|name| Some((name, unknown::parameter(name, params, function)?)));
        unknown.next().map(|(name, message)| (name.clone(), message))
    }

    fn tokens(&self) -> TokenStream {
        match self {
            Self::Plain(_, names) => quote!(#(#names)*),
            Self::Rich(_, exprs) => quote!(#(#exprs)*),
            Self::Expr(expr) => quote!(#expr),
        }
    }

    /// All idents, each as it stands where it is first mentioned.
    fn names(&self) -> BTreeMap<String, Ident> {
        let mut names = BTreeMap::new();
        types::any_name(writers::without_fields(self.tokens()), &mut |ident| {
            names.entry(ident.to_string()).or_insert_with(|| ident.clone());
            false
        });
        names
    }

    fn is_of_value(&self, model: &Model<'_>) -> bool {
        let names = self.names();
        VALUES
            .iter()
            .any(|value| names.contains_key(*value) && !model.params.iter().any(|param| param.name == *value))
    }

    /// Whether it speaks of a part of the key as that is written in `key = ..`.
    fn is_part(&self, model: &Model<'_>) -> bool {
        match self {
            Self::Rich(_, exprs) => exprs.iter().all(|expr| part_of(model, expr).is_some()),
            _ => false,
        }
    }

    /// An expression of type `Tag`.
    fn write(&self, model: &Model<'_>, key: &Ident, value: &Ident) -> TokenStream {
        let mut names = self.names();
        let mut lets = TokenStream::new();
        for (text, binding) in bindings(model, &quote!(#key)) {
            let Some(name) = names.remove(&text) else { continue };
            let name = if text == "self" { Ident::new("this", Span::mixed_site()) } else { name };
            lets.extend(quote!(#[allow(unused_variables)] let #name = #binding;));
        }
        for text in VALUES.iter().filter(|_| self.is_of_value(model)) {
            names
                .remove(*text)
                .into_iter()
                .for_each(|name| lets.extend(quote!(#[allow(unused_variables)] let #name = #value;)));
        }
        let made = match self {
            Self::Plain(..) => self.plain(),
            Self::Rich(format, exprs) => {
                let args = exprs.iter().map(|expr| match part_of(model, expr) {
                    Some(index) => {
                        lets.extend(part_binding(model, index, key));
                        part_name(index).to_token_stream()
                    }
                    None => this_for_self(quote!(#expr)),
                });
                let args: Vec<_> = args.collect();
                quote!(::std::format!(#format, #(#args),*))
            }
            Self::Expr(expr) => this_for_self(quote!(#expr)),
        };
        let into = self.made_tag(&model.krate, &made);
        quote!({ #lets #into })
    }

    /// The text of one whose holes hold names.
    fn plain(&self) -> TokenStream {
        match self {
            Self::Plain(text, names) if names.is_empty() && !text.value().contains(['{', '}']) => {
                quote!(#text)
            }
            Self::Plain(text, _) => quote!(::std::format!(#text)),
            _ => TokenStream::new(),
        }
    }

    fn made_tag(&self, krate: &syn::Path, made: &TokenStream) -> TokenStream {
        let span = match self {
            Self::Plain(text, _) | Self::Rich(text, _) => text.span(),
            Self::Expr(expr) => expr.span(),
        };
        let tag = quote_spanned!(span=> #krate::Tag);
        quote_spanned!(span=> ::core::convert::Into::<#tag>::into(#made))
    }
}

/// The part of the key that is written like this.
fn part_of(model: &Model<'_>, expr: &Expr) -> Option<usize> {
    let text = quote!(#expr).to_string();
    model.parts.iter().position(|part| match part {
        // Also where its type is said with `as`.
        Part::Expr(own) => {
            let is_it = |own: &Expr| own.to_token_stream().to_string() == text;
            is_it(&own.written) || matches!(&own.written, Expr::Cast(cast) if is_it(&cast.expr))
        }
        Part::Param(_) => false,
    })
}

fn part_binding(model: &Model<'_>, index: usize, key: &Ident) -> TokenStream {
    let (name, place) = (part_name(index), syn::Index::from(index));
    let part = if model.parts.len() == 1 { quote!(#key) } else { quote!(&#key.#place) };
    quote!(let #name = #part;)
}

/// No closure can have `self`: it is called `this` there.
fn this_for_self(tokens: TokenStream) -> TokenStream {
    let this = |name: &Ident| Ident::new("this", Span::mixed_site().located_at(name.span()));
    types::each_ident(tokens, &|name| (name == "self").then(|| this(name)))
}
