//! `#[invalidates(..)]` and `#[updates(..)]`: what a function that writes says of the caches of others.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::token::Paren;
use syn::{Expr, ExprCall, FnArg, Path, PathArguments, Token};

use crate::diag::Diag;
use crate::item::Item;
use crate::key::peel;
use crate::options::path_of_crate;
use crate::sources::module;
use crate::tags::Text;
use crate::{types, unknown};

mod uncached;

/// Which of the attributes it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Invalidates,
    Updates,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Invalidates => "invalidates",
            Self::Updates => "updates",
        }
    }

    /// What cannot be read as a function.
    pub(crate) fn unread(self, error: &syn::Error) -> syn::Error {
        let name = self.name();
        let message = match error.to_string() {
            text if text.contains("with a body") => {
                format!("`#[{name}]` goes on a function with a body: put it on the implementation")
            }
            text if text.contains("#[memoize]") => format!("`#[{name}]` goes on a function"),
            text => text,
        };
        syn::Error::new(error.span(), message)
    }

    fn example(self) -> &'static str {
        match self {
            Self::Invalidates => "#[invalidates(user(id), users, tag = \"user:{id}\")]",
            Self::Updates => "#[updates(user(new.id) = result)]",
        }
    }
}

/// What is to be done.
pub(crate) enum Step {
    Entry(Box<Entry>),
    /// A whole function.
    Whole(TokenStream),
    Tag(Text),
}

/// The verb of an entry, its arguments, and the value to store.
pub(crate) type Entry = (Verb, Vec<Expr>, Option<Expr>);

/// A hidden verb of a memoized function, with the parentheses of its arguments.
pub(crate) enum Verb {
    /// `user::__memoized`.
    Path(TokenStream, Paren),
    /// `self.__price_memoized`, on this expression.
    Method(Box<Expr>, Ident, Paren),
}

/// What the attribute was given.
#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) steps: Vec<Step>,
    pub(crate) krate: Option<Path>,
}

impl Writer {
    /// Whether anything made of what the function returns is stored.
    pub(crate) fn stores_result(&self) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Entry(entry) => {
                entry.2.as_ref().is_some_and(|value| speaks_of_result(std::slice::from_ref(value)).is_some())
            }
            Step::Tag(_) | Step::Whole(_) => false,
        })
    }

    /// Whether anything is made of what the function returns.
    fn speaks_of_result(&self) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Entry(entry) => {
                speaks_of_result(&entry.1).is_some()
                    || entry
                        .2
                        .as_ref()
                        .is_some_and(|value| speaks_of_result(std::slice::from_ref(value)).is_some())
            }
            Step::Tag(tag) => types::mentions(tag.tokens(), "result"),
            Step::Whole(_) => false,
        })
    }

    pub(crate) fn parse(kind: Kind, args: TokenStream, function: Span, diag: &mut Diag) -> Self {
        let mut writer = Self::default();
        if args.is_empty() {
            let message = format!("`{}` names nothing: write `{}`", kind.name(), kind.example());
            diag.push(syn::Error::new(proc_macro2::Span::call_site(), message));
            return writer;
        }
        let parsed = (|input: ParseStream<'_>| {
            while !input.is_empty() {
                let known = diag.len();
                writer.read(kind, input, function, diag)?;
                // Of what is wrong nobody knows where it ends.
                while diag.len() > known && !input.is_empty() && !input.peek(Token![,]) {
                    input.parse::<TokenTree>()?;
                }
                if !input.is_empty() {
                    let message = "a comma is missing before this";
                    input.parse::<Token![,]>().map_err(|error| syn::Error::new(error.span(), message))?;
                }
            }
            Ok(())
        })
        .parse2(args);
        diag.take(parsed);
        writer
    }

    /// What it says of parameters that are not there.
    pub(crate) fn check(&self, item: &Item, diag: &mut Diag) {
        let (function, mut params, mut result) = (item.sig.fn_token.span, Vec::new(), None);
        for input in &item.sig.inputs {
            let FnArg::Typed(input) = input else { continue };
            let pat = &input.pat;
            let is_number = types::is_primitive(&input.ty) && types::text(&input.ty) != "str";
            types::any_ident(quote!(#pat), &mut |name| {
                params.push((name.to_string(), is_number));
                if name == "result" {
                    result = Some(name.clone());
                }
                false
            });
        }
        if let Some(param) = result.filter(|_| self.speaks_of_result()) {
            return diag.at(
                param,
                "what the function returns is called `result` here: give this parameter another name",
            );
        }
        params.extend(item.sig.generics.const_params().map(|param| (param.ident.to_string(), false)));
        let names: Vec<_> = params.iter().map(|(name, _)| name.clone()).collect();
        let unknown = |expr: &Expr| {
            let name = unknown::root(expr)?;
            Some((name.clone(), unknown::parameter(name, &names, function)?))
        };
        for step in &self.steps {
            let found = match step {
                Step::Tag(tag) => tag.error(&params, function),
                Step::Entry(entry) => {
                    let all = || entry.1.iter().chain(&entry.2);
                    let value = || {
                        let name = unknown::root(entry.2.as_ref()?).filter(|name| *name == "value")?;
                        let is_none =
                            !names.iter().any(|own| own == "value") && module::has_none("value", function);
                        let message =
                            "there is no parameter `value`: what the function returns is called `result`";
                        is_none.then(|| (name.clone(), message.to_owned()))
                    };
                    let nothing =
                        || entry.2.as_ref().and_then(|value| of_nothing(value, item)).or_else(value);
                    all().find_map(tried).or_else(|| all().find_map(unknown)).or_else(nothing)
                }
                Step::Whole(_) => None,
            };
            if let Some((name, message)) = found {
                diag.at(name, message);
            }
        }
    }

    fn read(
        &mut self,
        kind: Kind,
        input: ParseStream<'_>,
        function: Span,
        diag: &mut Diag,
    ) -> syn::Result<()> {
        let is_tag = input.fork().parse::<Ident>().is_ok_and(|name| name == "tag");
        let has_colon = is_tag && input.peek2(Token![:]) && !input.peek2(Token![::]);
        if (input.peek2(Token![=]) || has_colon) && !input.peek2(Token![==]) && input.peek(Ident::peek_any) {
            let name = input.call(Ident::parse_any)?;
            if has_colon {
                return Err(input.error("a tag is given as a value: write `tag = \"user:{id}\"`"));
            }
            input.parse::<Token![=]>()?;
            if name == "crate" {
                self.krate = Some(input.call(path_of_crate)?);
                return Ok(());
            }
            let value: Expr = input.parse()?;
            match (name.to_string().as_str(), kind) {
                ("tag", Kind::Invalidates) => {
                    self.steps.extend(diag.take(Text::of(&value)).map(Step::Tag));
                }
                ("tag", Kind::Updates) => {
                    diag.at(name, "a tag is invalidated: write `#[invalidates(tag = ..)]`");
                }
                ("tags", _) => diag.at(name, "one tag at a time: write `tag = \"user:{id}\"`"),
                (text, Kind::Updates) => diag.at(
                    &name,
                    format!(
                        "`{text}` is which entry? write its arguments as in a call: `{text}(id) = result`"
                    ),
                ),
                (text, Kind::Invalidates) => diag.at(&name, other(text)),
            }
            return Ok(());
        }
        let target: Expr = input.parse()?;
        // Of `user(id), result` it has been said what is missing.
        if kind == Kind::Updates
            && !diag.is_empty()
            && unknown::root(&target).is_some_and(|name| name == "result")
        {
            return Ok(());
        }
        let error = of_a_verb(&target, function).or_else(|| uncached::error(&target, function));
        self.steps.extend(diag.take(error.map_or_else(|| step(kind, &target), Err)));
        Ok(())
    }
}

fn other(name: &str) -> String {
    format!(
        "unknown option `{name}`: expected memoized functions with their arguments, `user(id)`, bare names, \
         `tag = ..`, `crate = ..`"
    )
}

fn step(kind: Kind, target: &Expr) -> syn::Result<Step> {
    let error = |message: &str| Err(syn::Error::new_spanned(target, message));
    match (kind, peel(target)) {
        (Kind::Updates, Expr::Assign(assign)) => match entry(&assign.left)? {
            Some((verb, args)) => Ok(Step::Entry(Box::new((verb, args, Some((*assign.right).clone()))))),
            None => Err(syn::Error::new_spanned(
                &assign.left,
                "what is stored belongs to an entry of a memoized function: write `user(id) = result`",
            )),
        },
        (Kind::Updates, _) => error("what is to be stored is missing: write `user(id) = result`"),
        (Kind::Invalidates, Expr::Assign(_)) => {
            error("`invalidates` stores nothing: write `#[updates(user(id) = result)]`")
        }
        (Kind::Invalidates, Expr::Path(path)) if path.qself.is_none() => Ok(Step::Whole(whole(&path.path))),
        (Kind::Invalidates, Expr::Field(field)) => {
            let name = &field.member;
            Err(syn::Error::new_spanned(
                target,
                format!(
                    "to forget all of a method write its type, `Self::{0}`; for an entry its arguments, `self.{0}(..)`",
                    name.to_token_stream()
                ),
            ))
        }
        (Kind::Invalidates, _) => match entry(target)? {
            Some((verb, args)) => Ok(Step::Entry(Box::new((verb, args, None)))),
            None => {
                error("expected a memoized function and its arguments, `user(id)`, or its bare name, `user`")
            }
        },
    }
}

pub(crate) fn is_result(target: &Expr) -> bool {
    matches!(peel(target), Expr::Path(path) if path.path.is_ident("result"))
}

/// Where a verb is named, or a tag is written like a call: the error that says so.
fn of_a_verb(target: &Expr, place: Span) -> Option<syn::Error> {
    const VERBS: &[&str] =
        &["cache", "clear", "clear_all", "insert", "invalidate", "invalidate_if", "refresh"];
    let is_lazy = |expr: &Expr| match peel(expr) {
        Expr::Call(call) => match peel(&call.func) {
            Expr::Path(path) => module::is_marked(&path.path, "lazy", place),
            _ => false,
        },
        _ => false,
    };
    let is_handle = |expr: &Expr| match peel(expr) {
        Expr::Call(call) => match peel(&call.func) {
            Expr::Path(path) => path.path.segments.last().is_some_and(|last| is_cache(&last.ident)),
            _ => false,
        },
        Expr::MethodCall(call) => is_cache(&call.method),
        _ => false,
    };
    let (path, args) = match peel(target) {
        Expr::MethodCall(call)
            if VERBS.iter().any(|verb| call.method == verb) && is_handle(&call.receiver) =>
        {
            let message = "what is to be forgotten is written without the cache and a verb: `user(id)` for an entry, \
                           `user` for all of them, `self.user(id)` and `Self::user` of a method";
            return Some(syn::Error::new_spanned(target, message));
        }
        Expr::MethodCall(call) if call.method == "force" && is_lazy(&call.receiver) => {
            let message = "what is to be forgotten is written without a verb: a call, and no `.force()`";
            return Some(syn::Error::new_spanned(&call.method, message));
        }
        Expr::Call(call) => match peel(&call.func) {
            Expr::Path(path) => (&path.path, Some(&call.args)),
            _ => return None,
        },
        Expr::Path(path) => (&path.path, None),
        _ => return None,
    };
    let last = path.segments.last()?;
    let is_text = |arg: &Expr| matches!(peel(arg), Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(_), .. }));
    if path.is_ident("tag") && args.is_some_and(|args| args.len() == 1 && is_text(&args[0])) {
        let message = "a tag is no function: write `tag = \"user:{id}\"`";
        return module::has_none("tag", place).then(|| syn::Error::new_spanned(target, message));
    }
    let name = path.segments.iter().rev().nth(1)?.ident.to_string();
    let is_verb = path.segments.len() == 2 && VERBS.iter().any(|verb| last.ident == verb);
    let message = format!(
        "what is to be forgotten is written without a verb: `{name}(id)` for an entry, `{name}` for all of them"
    );
    (is_verb && module::finds_function(&name, place)).then(|| syn::Error::new_spanned(target, message))
}

/// Whether this is called to get at a cache.
fn is_cache(name: &Ident) -> bool {
    name == "cache" || name.to_string().ends_with("_cache")
}

/// What is written like a call of a memoized function.
fn entry(target: &Expr) -> syn::Result<Option<(Verb, Vec<Expr>)>> {
    let list = |args: &Punctuated<Expr, Token![,]>| args.iter().cloned().collect();
    Ok(match peel(target) {
        Expr::Call(ExprCall { func, args, paren_token, .. }) => match peel(func) {
            Expr::Path(path) if path.qself.is_none() => {
                Some((Verb::Path(beside(&path.path, "memoized"), *paren_token), list(args)))
            }
            _ => None,
        },
        Expr::MethodCall(call) => {
            let name = format_ident!("__{}_memoized", call.method.unraw(), span = call.method.span());
            if let Some(turbofish) = &call.turbofish {
                let message = "the type arguments of a method cannot be said here: write its type, `Desk::price::<u8>(..)`";
                return Err(syn::Error::new_spanned(turbofish, message));
            }
            Some((Verb::Method(call.receiver.clone(), name, call.paren_token), list(&call.args)))
        }
        _ => None,
    })
}

/// Whether a path is that of a method: what comes before its name is a type.
fn is_method(path: &Path) -> bool {
    let before = path.segments.iter().rev().nth(1);
    before.is_some_and(|before| before.ident.to_string().starts_with(char::is_uppercase))
}

/// The path of a hidden verb: `user::__memoized::<T>`, `Desk::__price_memoized`.
fn beside(path: &Path, verb: &str) -> TokenStream {
    let mut path = path.clone();
    let Some(last) = path.segments.last_mut() else { return TokenStream::new() };
    let arguments = std::mem::replace(&mut last.arguments, PathArguments::None);
    let span = last.ident.span();
    if is_method(&path) {
        if let Some(last) = path.segments.last_mut() {
            last.ident = format_ident!("__{}_{verb}", last.ident.unraw(), span = span);
        }
        return quote!(#path #arguments);
    }
    let verb = format_ident!("__{verb}", span = span);
    quote!(#path::#verb #arguments)
}

/// The call that forgets all of a function.
fn whole(path: &Path) -> TokenStream {
    let has_arguments = path.segments.last().is_some_and(|last| !last.arguments.is_none());
    if is_method(path) {
        let clear = beside(path, "forget_all");
        return quote!(#clear());
    }
    if has_arguments {
        let mut path = path.clone();
        let arguments = path.segments.last_mut().map(|last| std::mem::take(&mut last.arguments));
        return quote!(#path::clear #arguments());
    }
    quote!(#path::__forget_all())
}

/// What cannot be a writer.
pub(crate) fn check(kind: Kind, item: &Item, diag: &mut Diag) {
    let (sig, name) = (&item.sig, kind.name());
    if let Some(token) = &sig.constness {
        diag.at(token, format!("a `const fn` writes nothing that `{name}` could follow; drop `const`"));
    }
    if let (syn::ReturnType::Type(_, ty), None) = (&sig.output, &sig.asyncness) {
        if matches!(types::peel(ty), syn::Type::ImplTrait(_)) && types::mentions(quote!(#ty), "Future") {
            diag.at(ty, format!("`{name}` has to know when the future has ended: write `async fn`"));
        }
    }
}

/// Where `result` is taken for the `Result` of the body, and what it is.
fn tried(expr: &Expr) -> Option<(Ident, String)> {
    let tokens: Vec<_> = expr.to_token_stream().into_iter().collect();
    let is_tried = |pair: &&[TokenTree]| matches!(pair, [TokenTree::Ident(name), TokenTree::Punct(sign)] if name == "result" && sign.as_char() == '?');
    let Some([TokenTree::Ident(name), _]) = tokens.windows(2).find(is_tried) else { return None };
    Some((name.clone(), "`result` is what an `Ok` holds already: leave out the `?`".to_owned()))
}

/// Where what is stored is the `result` of a function that returns nothing.
fn of_nothing(value: &Expr, item: &Item) -> Option<(Ident, String)> {
    let returns = matches!(&item.sig.output, syn::ReturnType::Type(..));
    let Expr::Path(path) = peel(value) else { return None };
    let result = path.path.get_ident().filter(|name| *name == "result" && !returns)?;
    let name = &item.sig.ident;
    Some((
        result.clone(),
        format!("`{name}` returns nothing: say what, `fn {name}(..) -> ..`, or name what is stored"),
    ))
}

/// Where `result` is spoken of: as it stands there.
pub(crate) fn result_in(tokens: &TokenStream) -> Option<Ident> {
    let mut found = None;
    types::any_name(tokens.clone(), &mut |ident| {
        if ident == "result" {
            found = Some(ident.clone());
        }
        found.is_some()
    });
    found
}

/// The same for an expression that is no name of a field.
pub(crate) fn speaks_of_result(exprs: &[Expr]) -> Option<Ident> {
    exprs.iter().find_map(|expr| result_in(&without_fields(expr.to_token_stream())))
}

/// Drops the names after dots, which are nobody's variables.
pub(crate) fn without_fields(tokens: TokenStream) -> TokenStream {
    let mut after_dot = false;
    let mut kept = Vec::new();
    for token in tokens {
        let is_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
        match token {
            TokenTree::Ident(_) if after_dot => {}
            TokenTree::Group(group) => {
                kept.push(TokenTree::Group(proc_macro2::Group::new(
                    group.delimiter(),
                    without_fields(group.stream()),
                )));
            }
            other => kept.push(other),
        }
        // Two are a range.
        after_dot = is_dot && !after_dot;
    }
    kept.into_iter().collect()
}

/// Whether more than a field of `result` is spoken of.
pub(crate) fn wants_result(exprs: &[Expr]) -> bool {
    exprs.iter().any(|expr| is_bare(expr.to_token_stream()))
}

fn is_bare(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let before_dot = matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '.');
        match token {
            TokenTree::Ident(name) if name == "result" && !before_dot => return true,
            TokenTree::Group(group) if is_bare(group.stream()) => return true,
            _ => {}
        }
    }
    false
}
