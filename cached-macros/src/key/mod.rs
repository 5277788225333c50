//! What a function's key is made of: its parameters, or what `key = ..` says.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::{Expr, Path, Type};

use crate::diag::Diag;
use crate::options::Options;
use crate::sources::module;
use crate::{patterns, selves, types, unknown, unsized_types};

mod params;
mod written;

pub(crate) use params::{Param, params};
pub(crate) use written::expression;

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
        if let Part::Expr(part) = part {
            look_at(&part.written, params, function, diag);
            patterns::bind(params, part, krate);
        }
    }
    if parts.len() > 16 {
        diag.at(key, "a key has at most 16 parts: put some of them together in a tuple of their own");
    }
    parts
}

/// Whether an expression is a field of a parameter, which stays where it is, for the body.
pub(crate) fn is_field(expr: &Expr, params: &[Param]) -> bool {
    let mut root = peel(expr);
    if !matches!(root, Expr::Field(_)) {
        return false;
    }
    while let Expr::Field(own) = root {
        root = peel(&own.base);
    }
    params.iter().any(|param| matches!(root, Expr::Path(own) if own.path.is_ident(&param.name)))
}

/// Says of a part what no key can hold.
fn look_at(part: &Expr, params: &[Param], function: Span, diag: &mut Diag) {
    if let Some(param) = deref_of_unsized(part, params, function) {
        let message = format!(
            "what `{param}` borrows has no size of its own: write `{param}`, which is compared by what it borrows"
        );
        diag.at(part, message);
    } else if let Some(param) = held(part, params) {
        let message = format!(
            "a key is kept and cannot hold what `{param}` borrows: say what owns it, `{param}.to_owned()`, or name the \
             parameters as the parts, `key = (id, name)`"
        );
        diag.at(param, message);
    }
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
