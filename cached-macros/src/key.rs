//! What a function's key is made of: its parameters, or what `key = ..` says.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Expr, Path, Type};

use crate::diag::Diag;
use crate::options::Options;
use crate::patterns::{self, Pattern};
use crate::selves;
use crate::sources::module;
use crate::{types, unknown, unsized_types};

/// A parameter of the wrapper and the companion's verbs.
pub(crate) struct Param {
    /// Its name there: the user's own, where the pattern is just a name.
    pub(crate) name: Ident,
    /// Its name inside of closures: another one only for `self`, which no closure can have.
    pub(crate) inner: Ident,
    pub(crate) ty: Type,
    /// What takes it apart, where it is not just a name.
    pub(crate) pattern: Option<Pattern>,
}

impl Param {
    /// Whether options call it so, or a part of it.
    pub(crate) fn is_called(&self, name: &Ident) -> bool {
        self.pattern.as_ref().map_or(self.name == *name, |pattern| pattern.binds(name))
    }

    /// Whether its pattern is of a type of this name.
    fn is_taken_apart_as(&self, name: &Ident) -> bool {
        self.pattern
            .as_ref()
            .is_some_and(|pattern| types::mentions(pattern.written.to_token_stream(), &name.to_string()))
    }

    /// What its user calls it: by all names of its pattern, or `_`.
    pub(crate) fn called(&self) -> String {
        let name = self.name.to_string();
        match &self.pattern {
            Some(pattern) => pattern.names().iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            None if unknown::is_without_a_name(&name) => "_".to_owned(),
            None => name,
        }
    }
}

/// A part of the key.
pub(crate) enum Part {
    /// A parameter, by its position.
    Param(usize),
    Expr(Box<Worked>),
}

/// A part that is worked out.
pub(crate) struct Worked {
    /// What it comes to.
    pub(crate) expr: Expr,
    /// Statements before that, which bind what patterns do.
    pub(crate) bound: TokenStream,
    /// As its user wrote it.
    pub(crate) written: Expr,
    /// Its type, where the user said it with `as`.
    pub(crate) ty: Option<Type>,
}

impl Worked {
    /// All that it speaks of.
    pub(crate) fn tokens(&self) -> TokenStream {
        let Self { expr, bound, .. } = self;
        quote::quote!(#bound #expr)
    }
}

impl Part {
    fn worked_out(expr: &Expr, ty: Option<&Type>) -> Self {
        Self::Expr(Box::new(Worked {
            expr: expr.clone(),
            bound: TokenStream::new(),
            written: expr.clone(),
            ty: ty.cloned(),
        }))
    }
}

/// The parts of the key, in order.
pub(crate) fn plan(
    params: &[Param],
    options: &Options,
    krate: &Path,
    function: Span,
    diag: &mut Diag,
) -> Vec<Part> {
    let skipped = skipped(params, options, function, diag);
    let Some((_, key)) = &options.key else {
        // A cache of the instance's own is that of one `self`.
        let counts = |index: &usize| {
            let is_own = options.inside.is_some() && params[*index].name == "self";
            !is_own && !skipped.contains(index)
        };
        return (0..params.len()).filter(counts).map(Part::Param).collect();
    };
    let (key, ascribed) = ascription(key);
    let mut parts: Vec<Part> = Vec::new();
    let mut add = |elem: &Expr| match misspelt(elem, params, function) {
        Some((name, meant)) => {
            diag.at(name, format!("there is no parameter `{name}`: did you mean `{meant}`?"));
            add(params, &mut parts, &syn::parse_quote!(#meant));
        }
        None => {
            let names = patterns::names(params);
            let unknown = unknown::root(elem)
                .and_then(|name| Some((name, unknown::parameter(name, &names, function)?)));
            if let Some((name, message)) = unknown {
                diag.at(name, message);
            }
            add(params, &mut parts, elem);
        }
    };
    match (peel(key), ascribed) {
        (Expr::Tuple(tuple), None) => tuple.elems.iter().for_each(add),
        (Expr::Tuple(tuple), Some(Type::Tuple(types))) if tuple.elems.len() == types.elems.len() => {
            for (elem, ty) in tuple.elems.iter().zip(&types.elems) {
                parts.push(named(elem, ty, params, &parts));
            }
        }
        (Expr::Tuple(tuple), Some(Type::Tuple(types))) => {
            let (parts, types) = (tuple.elems.len(), types.elems.len());
            diag.at(key, format!("the key has {parts} parts, and its type {types}"));
        }
        (expr, Some(ty)) => parts.push(named(expr, ty, params, &parts)),
        (expr, None) => add(expr),
    }
    for part in &mut parts {
        let Part::Expr(part) = part else { continue };
        if let Some(param) = deref_of_unsized(&part.written, params, function) {
            let message = format!(
                "what `{param}` borrows has no size of its own: write `{param}`, which is compared by what it borrows"
            );
            diag.at(&part.written, message);
        } else if let Some(param) = held(&part.written, params) {
            let message = format!(
                "a key is kept and cannot hold what `{param}` borrows: say what owns it, `{param}.to_owned()`, or name the \
                 parameters as the parts, `key = (id, name)`"
            );
            diag.at(param, message);
        }
        patterns::bind(params, part, krate);
    }
    if parts.len() > 16 {
        diag.at(key, "a key has at most 16 parts: put some of them together in a tuple of their own");
    }
    parts
}

/// A part of the key whose type is said. Of a borrowed parameter that may be the type of what the key owns of it.
fn named(elem: &Expr, ty: &Type, params: &[Param], parts: &[Part]) -> Part {
    let is_it = |path: &syn::ExprPath| params.iter().position(|param| path.path.is_ident(&param.name));
    let own = match peel(elem) {
        Expr::Path(path) => is_it(path),
        _ => None,
    };
    let owned =
        own.and_then(|index| types::as_reference(&params[index].ty)).map(|reference| &*reference.elem);
    let is_owned = owned.is_some_and(|owned| match types::peel(owned) {
        Type::Slice(slice) => {
            types::argument_of(ty, "Vec").is_some_and(|elem| types::text(elem) == types::text(&slice.elem))
        }
        owned if types::is_str(owned) => is_named(ty, "String"),
        owned if is_named(owned, "Path") => is_named(ty, "PathBuf"),
        owned => types::text(owned) == types::text(ty),
    });
    let is_new =
        |index: &usize| !parts.iter().any(|part| matches!(part, Part::Param(other) if other == index));
    let is_itself = own.is_some_and(|index| types::text(&params[index].ty) == types::text(ty));
    match own.filter(|index| (is_owned || is_itself) && is_new(index)) {
        Some(index) => Part::Param(index),
        None => Part::worked_out(elem, Some(ty)),
    }
}

/// A part that is a name of nothing, and which parameter was meant.
fn misspelt<'a>(part: &'a Expr, params: &[Param], function: Span) -> Option<(&'a Ident, Ident)> {
    let Expr::Path(path) = peel(part) else { return None };
    let name = path.path.get_ident()?;
    let text = name.to_string();
    let (spoken_of, names) = (patterns::spoken_of(params), patterns::names(params));
    if spoken_of.iter().any(|(own, _)| own.unraw() == name.unraw()) || text.starts_with(char::is_uppercase) {
        return None;
    }
    let meant = crate::suggest::nearest(&text, names.iter().map(String::as_str))?;
    let (meant, _) = spoken_of.into_iter().find(|(own, _)| *own == meant)?;
    module::has_none(&text, function).then_some((name, meant))
}

/// What `key = ..` is given.
pub(crate) fn expression(input: syn::parse::ParseStream<'_>) -> syn::Result<Expr> {
    let expr: Expr = input.parse()?;
    if let Some((place, what)) = leaving(expr.to_token_stream()) {
        return Err(syn::Error::new(
            place,
            format!(
                "a key is worked out outside of the function, where nothing can be {what}: leave that to the body"
            ),
        ));
    }
    if let Some(part) = unsized_part(&expr) {
        return Err(syn::Error::new_spanned(
            part,
            "a part of a list has no size of its own: borrow it, as in `&ids[..2]`",
        ));
    }
    if let Some(ty) = without_size(&expr) {
        let (text, owned) = (types::text(ty), owned_form(ty));
        return Err(syn::Error::new_spanned(
            ty,
            format!("a key needs a size, and `{text}` has none: say {owned}"),
        ));
    }
    if let Some(infer) = left_open(&expr) {
        return Err(syn::Error::new_spanned(infer, "say the type of the key: `_` is none"));
    }
    if let Some(literal) = float(&expr) {
        return Err(syn::Error::new_spanned(
            literal,
            "a literal is the same for all calls, and tells none of them from another: name what counts, `key = (id, name.len())`",
        ));
    }
    let why = match peel(&expr) {
        Expr::Closure(_) => {
            "`key` takes an expression that speaks of the parameters, and no closure: write `key = (id, name.len())`"
        }
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(_), .. }) => {
            "a literal is the same key for all calls: write `key = format!(..)`, or name what counts, `key = (id, name.len())`"
        }
        _ => return Ok(expr),
    };
    Err(syn::Error::new_spanned(&expr, why))
}

/// Where an expression would leave the function, or wait, if not in a closure or block of its own.
fn leaving(tokens: TokenStream) -> Option<(Span, &'static str)> {
    let mut after_dot = false;
    for token in tokens {
        let was_after_dot = std::mem::replace(&mut after_dot, false);
        match &token {
            // A closure, or a block that runs later.
            TokenTree::Punct(punct) if punct.as_char() == '|' => return None,
            TokenTree::Ident(word) if word == "async" => return None,
            TokenTree::Punct(punct) if punct.as_char() == '?' => return Some((punct.span(), "returned")),
            TokenTree::Ident(word) if word == "return" => return Some((word.span(), "returned")),
            TokenTree::Ident(word) if was_after_dot && word == "await" => {
                return Some((word.span(), "awaited"));
            }
            TokenTree::Punct(punct) => after_dot = punct.as_char() == '.',
            TokenTree::Group(group) => {
                if let Some(found) = leaving(group.stream()) {
                    return Some(found);
                }
            }
            _ => {}
        }
    }
    None
}

/// `ids[..2]`, which only a reference can hold.
fn unsized_part(key: &Expr) -> Option<&Expr> {
    match peel(key) {
        Expr::Tuple(tuple) => tuple.elems.iter().find_map(unsized_part),
        Expr::Index(index) if matches!(peel(&index.index), Expr::Range(_)) => Some(key),
        _ => None,
    }
}

/// The parameter of `*name`, where that is a text, or a list.
fn deref_of_unsized<'a>(part: &Expr, params: &'a [Param], function: Span) -> Option<&'a Ident> {
    let Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr, .. }) = peel(part) else { return None };
    let Expr::Path(path) = peel(expr) else { return None };
    let param = params.iter().find(|param| path.path.is_ident(&param.name))?;
    let borrowed = &types::as_reference(&param.ty)?.elem;
    unsized_types::has_no_size(borrowed, function).then_some(&param.name)
}

/// A borrowed parameter that a part of a key holds as it is, in a value of the user's own that is made of it.
fn held<'a>(part: &'a Expr, params: &[Param]) -> Option<&'a Ident> {
    // Those that the library knows how to own.
    const KNOWN: &[&str] = &["Borrowed", "Some"];
    let elem = |elem: &'a Expr| match peel(elem) {
        Expr::Path(path) => path.path.get_ident().filter(|name| {
            let own = params.iter().find(|param| param.name == **name);
            let lent = own.and_then(|param| types::as_reference(&param.ty));
            lent.is_some_and(|lent| lent.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static"))
        }),
        other => held(other, params),
    };
    match peel(part) {
        Expr::Struct(made) => made.fields.iter().find_map(|field| elem(&field.expr)),
        Expr::Call(call) => {
            // What begins with a capital is made of what it is given.
            let Expr::Path(path) = peel(&call.func) else { return None };
            let name = path.path.segments.last()?.ident.to_string();
            let is_made = name.starts_with(char::is_uppercase) && !KNOWN.contains(&name.as_str());
            is_made.then(|| call.args.iter().find_map(elem)).flatten()
        }
        _ => None,
    }
}

/// A type behind `as` that has no size, in a tuple as well.
fn without_size(key: &Expr) -> Option<&Type> {
    fn part(ty: &Type) -> Option<&Type> {
        match types::peel(ty) {
            Type::Tuple(tuple) => tuple.elems.iter().find_map(part),
            own => (types::is_str(own) || matches!(own, Type::Slice(_))).then_some(ty),
        }
    }
    match peel(key) {
        Expr::Tuple(tuple) => tuple.elems.iter().find_map(without_size),
        Expr::Cast(cast) => part(&cast.ty),
        _ => None,
    }
}

/// What owns the same as such a type.
fn owned_form(ty: &Type) -> String {
    match types::peel(ty) {
        Type::Slice(slice) => format!("`Vec<{}>`", types::text(&slice.elem)),
        _ => "`String`".to_owned(),
    }
}

/// A type that `as` leaves open.
fn left_open(key: &Expr) -> Option<&Type> {
    match peel(key) {
        Expr::Tuple(tuple) => tuple.elems.iter().find_map(left_open),
        Expr::Cast(cast) => Some(&*cast.ty).filter(|ty| types::is_left_open(ty)),
        _ => None,
    }
}

/// A float without a type that is the key, or a part of it: nobody could say of which type it is.
fn float(key: &Expr) -> Option<&Expr> {
    match peel(key) {
        Expr::Tuple(tuple) => tuple.elems.iter().find_map(float),
        Expr::Unary(unary) => float(&unary.expr).map(|_| key),
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(number), .. }) if number.suffix().is_empty() => {
            Some(key)
        }
        _ => None,
    }
}

fn skipped(params: &[Param], options: &Options, function: Span, diag: &mut Diag) -> Vec<usize> {
    let (mut skipped, mut named) = (Vec::new(), Vec::new());
    let Some((_, names)) = &options.skip else {
        return skipped;
    };
    let spoken_of = patterns::spoken_of(params);
    for name in names {
        match spoken_of.iter().find(|(own, _)| own == name) {
            Some(_) if named.contains(name) => {
                diag.at(name, format!("`{name}` is skipped twice"));
            }
            Some((_, index)) => {
                named.push(name.clone());
                skipped.push(*index);
            }
            None => {
                let names: Vec<_> = spoken_of.iter().map(|(own, _)| own.unraw().to_string()).collect();
                let (meant, mut hint) = unknown::hint(&name.to_string(), &names);
                skipped.extend(meant.map(|meant| spoken_of[meant].1));
                let of_type = params.iter().position(|param| param.is_taken_apart_as(name));
                if let Some(index) = of_type {
                    skipped.push(index);
                    hint = format!(", did you mean `{}`?", params[index].called());
                }
                let hint = match params {
                    _ if name == "self" => format!(": {}", selves::mended(function)),
                    // A static takes nothing ever.
                    [] => String::new(),
                    _ => hint,
                };
                diag.at(name, format!("there is no parameter `{name}` to skip{hint}"));
            }
        }
    }
    // With a key, that is said.
    if options.key.is_none() {
        patterns::in_part(params, &named, diag);
    }
    skipped
}

/// Parts a trailing `as Type` off, where it names the type of the key: a cast to a number stays a cast, but tells the
/// type as well.
fn ascription(key: &Expr) -> (&Expr, Option<&Type>) {
    match (peel(key), number_cast(key)) {
        (_, Some(number)) => (key, Some(number)),
        (Expr::Cast(cast), None) => (&cast.expr, Some(&cast.ty)),
        _ => (key, None),
    }
}

fn is_named(ty: &Type, name: &str) -> bool {
    matches!(types::peel(ty), Type::Path(path) if path.path.is_ident(name))
}

/// Takes off the groups without delimiters that `macro_rules!` puts around an `$e:expr`, and parentheses.
pub(crate) fn peel(mut expr: &Expr) -> &Expr {
    loop {
        expr = match expr {
            Expr::Group(group) => &group.expr,
            Expr::Paren(paren) => &paren.expr,
            other => return other,
        }
    }
}

/// A plain parameter is looked up as it is, without a copy; anything else is worked out first.
fn add(params: &[Param], parts: &mut Vec<Part>, expr: &Expr) {
    let param = match peel(expr) {
        Expr::Path(path) => {
            path.path.get_ident().and_then(|name| params.iter().position(|param| param.name == *name))
        }
        _ => None,
    };
    // A parameter that is looked up by twice is copied for the second place.
    let is_new =
        |index: &usize| !parts.iter().any(|part| matches!(part, Part::Param(other) if other == index));
    parts.push(match param {
        Some(index) if is_new(&index) => Part::Param(index),
        Some(index) => {
            Part::worked_out(&syn::parse_quote!(::core::clone::Clone::clone(&#expr)), Some(&params[index].ty))
        }
        None => Part::worked_out(expr, number_cast(expr)),
    });
}

/// The type of `expr as u64`.
fn number_cast(expr: &Expr) -> Option<&Type> {
    match peel(expr) {
        Expr::Cast(cast) if types::PRIMITIVES.iter().any(|name| is_named(&cast.ty, name)) => Some(&cast.ty),
        _ => None,
    }
}

/// The name that stands for the value of a part.
pub(crate) fn part_name(index: usize) -> Ident {
    Ident::new(&format!("part{index}"), Span::mixed_site())
}

/// A parameter as the wrapper declares it.
impl ToTokens for Param {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.name.to_tokens(tokens);
        <syn::Token![:]>::default().to_tokens(tokens);
        self.ty.to_tokens(tokens);
    }
}
