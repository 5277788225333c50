//! A function that writes: its head as the user wrote it, its body run as a whole, and what is to be done before and after it.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, FnArg, Pat, ReturnType, Type};

use super::{function, ours, unread};
use crate::diag::Diag;
use crate::item::Item;
use crate::key::peel;
use crate::model::Model;
use crate::options::Options;
use crate::patterns::Pattern;
use crate::writers::{self, Entry, Kind, Step, Verb, Writer};
use crate::{told, types, unsized_types};

/// `#[invalidates]` and `#[updates]`.
pub(crate) fn expand(kind: Kind, args: TokenStream, tokens: &TokenStream) -> TokenStream {
    let mut diag = Diag::default();
    let keyword = tokens.clone().into_iter().find(|token| token.to_string() == "fn");
    let place = keyword.map_or_else(Span::call_site, |keyword| keyword.span());
    let writer = Writer::parse(kind, args, place, &mut diag);
    let item = match syn::parse2::<Item>(tokens.clone()) {
        Ok(item) => item,
        Err(error) => return unread::item(tokens, kind.unread(&error), None, diag),
    };
    writers::check(kind, &item, &mut diag);
    writer.check(&item, &mut diag);
    let mended = unsized_types::mended(&item, None, &mut diag);
    if !diag.is_empty() {
        let is_of_nothing = matches!(item.sig.output, ReturnType::Default) && writer.stores_result();
        let item = match mended {
            Some(item) => item,
            None if is_of_nothing => item.without_body(item.sig.clone()),
            None => item,
        };
        let errors = diag.tell();
        return quote!(#item #errors);
    }
    let written = written(&writer, &item);
    let errors = diag.tell();
    quote!(#written #errors)
}

/// Statements around the body, one step after the other.
#[derive(Default)]
struct Around {
    before: TokenStream,
    after: TokenStream,
    /// What of it speaks of the result.
    late: TokenStream,
    taken: Taken,
    /// Whether it is known already that the result cannot be cloned.
    is_told: bool,
}

/// The parameters that are there by value, and who speaks of them: what somebody takes while others need it is a copy.
#[derive(Default)]
struct Taken {
    by_value: Vec<String>,
    /// Those of them of which somebody has told that they lack `Clone`.
    told: Vec<String>,
    /// Names in the body, and in each step.
    body: Vec<String>,
    steps: Vec<Vec<String>>,
}

impl Taken {
    fn of(writer: &Writer, item: &Item) -> Self {
        let by_value = item.sig.inputs.iter().flat_map(|input| match input {
            FnArg::Typed(input) if !matches!(types::peel(&input.ty), Type::Reference(_)) => match &*input.pat
            {
                Pat::Ident(own) if own.subpat.is_none() => {
                    let is_copied = types::is_primitive(&input.ty);
                    (!is_copied).then(|| (own.ident.to_string(), Some(&*input.ty))).into_iter().collect()
                }
                pat => {
                    let bound = Pattern::of(pat, &input.ty);
                    let names = bound.iter().flat_map(Pattern::names);
                    names.map(|name| (name.to_string(), None)).collect::<Vec<_>>()
                }
            },
            _ => Vec::new(),
        });
        let (by_value, of_types): (Vec<_>, Vec<_>) = by_value.unzip();
        let spoken_of = |step: &Step| match step {
            Step::Entry(entry) => {
                let (_, args, value) = &**entry;
                names(quote!(#(#args)* #value))
            }
            Step::Tag(tag) => names(tag.tokens()),
            Step::Whole(_) => Vec::new(),
        };
        let (body, steps) = (names(item.body.stream()), writer.steps.iter().map(spoken_of).collect());
        let mut taken = Self { by_value, told: Vec::new(), body, steps };
        let entries = writer.steps.iter().filter_map(|step| match step {
            Step::Entry(entry) => Some(&entry.1),
            Step::Tag(_) | Step::Whole(_) => None,
        });
        let lent: Vec<_> = entries.flatten().filter_map(|arg| taken.lent(arg)).collect();
        let asked =
            taken.by_value.iter().zip(of_types).filter(|(name, _)| lent.iter().any(|own| own == name));
        let told = asked.filter(|(_, ty)| ty.is_some_and(|ty| is_told(item, Some(ty))));
        let told = told.map(|(name, _)| name.clone());
        taken.told = told.collect();
        taken
    }

    /// The parameter that an argument takes, if others need it.
    fn lent<'a>(&self, arg: &'a Expr) -> Option<&'a Ident> {
        let mut root = peel(arg);
        while let Expr::Field(field) = root {
            root = peel(&field.base);
        }
        let Expr::Path(path) = root else { return None };
        path.path.get_ident().filter(|name| self.is_needed(name))
    }

    /// Whether a parameter that an argument takes is needed by anybody else.
    fn is_needed(&self, name: &Ident) -> bool {
        let all = self.steps.iter().flatten().chain(&self.body);
        self.by_value.iter().any(|own| name == own) && all.filter(|other| name == *other).count() > 1
    }

    /// Whether a parameter that the value of a step takes is needed after that.
    fn is_needed_after(&self, step: usize, name: &Ident, after: &[String]) -> bool {
        let mut after = self.steps[step + 1..].iter().flatten().chain(&self.body).chain(after);
        self.by_value.iter().any(|own| name == own) && after.any(|other| name == other)
    }

    /// An argument of an entry, and a statement that has to come before it.
    fn lend(&self, index: usize, arg: &Expr) -> (TokenStream, TokenStream) {
        let Some(name) = self.lent(arg) else { return (self.made(arg), TokenStream::new()) };
        // Where it does not fit, it is the argument that is pointed at, and before which what is missing is written.
        let at = Span::call_site().located_at(arg.span());
        let copy = format_ident!("copy_of_argument_{index}", span = arg.span());
        if self.told.iter().any(|told| name == told) {
            let why = "what others need as well has to be `Clone`";
            return (quote!(#copy), told_elsewhere(&copy, why, at));
        }
        (quote!(#copy), quote_spanned!(at=> let #copy = ::core::clone::Clone::clone(&#arg);))
    }

    /// An argument that is made of parameters: what others need it takes copies of.
    fn made(&self, arg: &Expr) -> TokenStream {
        match peel(arg) {
            Expr::Reference(own) if own.mutability.is_none() => {
                let (and, made) = (&own.and_token, self.made(&own.expr));
                quote!(#and #made)
            }
            Expr::Path(_) => quote!(#arg),
            _ => {
                let is_lost = |name: &Ident| self.told.iter().any(|told| name == told);
                with_copies(arg, &|name| self.is_needed(name) && !is_lost(name))
            }
        }
    }

    /// The value of a step: what it takes away is hidden by copies where these names or others come after it.
    fn value(&self, step: usize, value: &Expr, after: &[String]) -> TokenStream {
        with_copies(value, &|name| self.is_needed_after(step, name, after))
    }
}

/// An expression, where some of the names that it takes away are those of copies.
fn with_copies(expr: &Expr, is_needed: &dyn Fn(&Ident) -> bool) -> TokenStream {
    let mut taken = Vec::new();
    moved(expr, &mut taken);
    taken.retain(is_needed);
    taken.sort();
    taken.dedup();
    if taken.is_empty() {
        return quote!(#expr);
    }
    let copies = taken.iter().map(|name| {
        let at = Span::call_site().located_at(name.span());
        quote_spanned!(at=> let #name = ::core::clone::Clone::clone(&#name);)
    });
    quote!({ #(#copies)* #expr })
}

/// A copy of what cannot be copied, as somebody else has told.
fn told_elsewhere(copy: &Ident, why: &str, at: Span) -> TokenStream {
    let late = unread::late(why, at);
    quote!(let #copy = { #late ::core::option::Option::unwrap(::core::option::Option::None) };)
}

fn names(tokens: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    types::any_name(writers::without_fields(tokens), &mut |ident| {
        found.push(ident.to_string());
        false
    });
    found
}

/// The names that an expression surely takes away: itself, or as parts of what it makes and calls.
fn moved(expr: &Expr, found: &mut Vec<Ident>) {
    match peel(expr) {
        Expr::Path(path) if path.qself.is_none() => found.extend(path.path.get_ident().cloned()),
        Expr::Call(call) => call.args.iter().for_each(|arg| moved(arg, found)),
        Expr::Tuple(tuple) => tuple.elems.iter().for_each(|elem| moved(elem, found)),
        Expr::Array(array) => array.elems.iter().for_each(|elem| moved(elem, found)),
        Expr::Struct(made) => made.fields.iter().for_each(|field| moved(&field.expr, found)),
        _ => {}
    }
}

fn written(writer: &Writer, item: &Item) -> TokenStream {
    let krate = writer.krate.clone().unwrap_or_else(|| syn::parse_quote!(::cached_core));
    let (returned, written) = (ours("returned"), ours("written"));
    let mut around = Around {
        taken: Taken::of(writer, item),
        is_told: writer.stores_result() && is_told(item, None),
        ..Around::default()
    };
    for (index, step) in writer.steps.iter().enumerate() {
        around.add(index, step, &krate, &written);
    }
    let Around { before, after, late, is_told, .. } = around;
    let told = quote! {
        {
            #[allow(unused_imports)]
            use #krate::__private::WrittenAnyway as _;
            #krate::__private::Written(&#returned).then(|#written| { let _ = #written; #after });
        }
    };
    let body = &item.body;
    let ty = match &item.sig.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    let is_never =
        matches!(&item.sig.output, ReturnType::Type(_, ty) if matches!(types::peel(ty), Type::Never(_)));
    let is_named = !is_never && !types::mentions(ty.clone(), "impl");
    // What is worked out afterwards may speak of parameters: then the body has only what it takes.
    let capture = (!mentions_parameters(item, &late)).then(|| quote!(move));
    let content = if is_never {
        // Nothing comes after it, and of neither a block nor a closure can it be said that they return this.
        quote!(#before #body)
    } else if item.sig.asyncness.is_some() {
        let block = returning(is_named.then_some(&ty), body);
        quote!(#before let #returned = async #capture #block.await; #told #returned)
    } else if item.is_boxed_future() {
        let future = ours("future");
        quote! {
            #before
            let #future: #ty = (|| -> #ty #body)();
            ::std::boxed::Box::pin(async move { let #returned = #future.await; #told #returned })
        }
    } else {
        let returns = is_named.then(|| quote!(-> #ty));
        // Run as what runs once, it may return what it borrows of what it was given. It begins where the function does.
        let call = super::located(&quote!(#capture ||), item.sig.fn_token.span);
        quote!(#before let #returned = #krate::__private::once(#call #returns #body); #told #returned)
    };
    let (attrs, vis, sig) = (&item.attrs, &item.vis, &item.sig);
    // Its type is spoken of in there as well.
    let is_async = sig.asyncness.is_some();
    let sig = if is_async { function::with_room(sig) } else { quote!(#sig) };
    let mut braces = Group::new(proc_macro2::Delimiter::Brace, content);
    braces.set_span(body.span());
    let mut quiet = if is_told { quote!(#[allow(unreachable_code)]) } else { TokenStream::new() };
    if is_async || is_never {
        // The user's own braces stand inside of others.
        quiet.extend(quote!(#[allow(unused_braces)]));
    }
    quote!(#(#attrs)* #quiet #vis #sig #braces)
}

/// A body as a block that returns this type: what a block returns is of the type of its first `return`.
fn returning(ty: Option<&TokenStream>, body: &Group) -> TokenStream {
    let value = ours("value");
    let first = ty.map(|ty| {
        quote!(if let ::core::option::Option::Some(#value) = ::core::option::Option::None::<#ty> { return #value; };)
    });
    quote!({ #first #body })
}

/// Whether another function has told that a type, or what the writer returns, lacks `Clone`; if not, this one does.
fn is_told(item: &Item, ty: Option<&Type>) -> bool {
    let (options, mut diag) = (Options::default(), Diag::default());
    let model = Model::new(item, &options, None, &mut diag);
    let _ = diag.tell();
    told::is_known_to_lack(ty.unwrap_or(&model.returned), &["Clone"], &model)
}

/// What is done to an entry after the body.
fn in_the_end(value: Option<&TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(forget()), |value| quote!(put(#value)))
}

fn mentions_parameters(item: &Item, tokens: &TokenStream) -> bool {
    let mut names = Vec::new();
    let inputs = &item.sig.inputs;
    types::any_ident(quote!(#inputs), &mut |ident| {
        names.push(ident.to_string());
        false
    });
    types::any_name(tokens.clone(), &mut |ident| names.contains(&ident.to_string()))
}

impl Around {
    fn add(&mut self, index: usize, step: &Step, krate: &syn::Path, written: &Ident) {
        let later = ours(&format!("later{index}"));
        match step {
            Step::Whole(clear) => self.after.extend(quote!(#clear;)),
            Step::Tag(tag) => {
                let made = tag.write(krate);
                let invalidate = quote!(#krate::registry::invalidate_tag);
                match writers::result_in(&tag.tokens()) {
                    Some(result) => self.late(&quote!({ let #result = #written; #invalidate(#made); })),
                    None => {
                        self.before.extend(quote!(let #later = #made;));
                        self.after.extend(quote!(#invalidate(#later);));
                    }
                }
            }
            Step::Entry(entry) => {
                self.entry(index, &later, entry, (krate, written));
            }
        }
    }

    fn late(&mut self, statement: &TokenStream) {
        self.late.extend(statement.clone());
        self.after.extend(statement.clone());
    }

    fn entry(&mut self, index: usize, later: &Ident, entry: &Entry, (krate, written): (&syn::Path, &Ident)) {
        let (verb, args, value) = entry;
        let lent = args.iter().enumerate().map(|(index, arg)| self.taken.lend(index, arg));
        let (lent, copied): (Vec<_>, TokenStream) = lent.unzip();
        let (mut call, paren, receiver) = match verb {
            Verb::Path(path, paren) => (path.clone(), paren, None),
            Verb::Method(receiver, name, paren) => {
                (quote!(#receiver.#name), paren, Some((**receiver).clone()))
            }
        };
        // Where the user wrote them: what the compiler advises is written there.
        paren.surround(&mut call, |call| call.extend(quote!(#(#lent),*)));
        let spoken: Vec<_> = args.iter().cloned().chain(receiver).collect();
        let made = |around: &mut Self, after: &[Expr]| {
            value.as_ref().map(|value| around.value((index, later), value, (krate, written), after))
        };
        match writers::speaks_of_result(&spoken) {
            Some(result) => {
                let made = made(self, &spoken);
                let is_taken = value.is_some() && writers::wants_result(args);
                let own =
                    if is_taken { quote!(::core::clone::Clone::clone(#written)) } else { quote!(#written) };
                let written = in_the_end(made.as_ref());
                self.late(&quote!({ let #result = #own; #copied #call.#written; }));
            }
            None => {
                self.before.extend(quote!(#copied let #later = #call;));
                let made = made(self, &[]);
                let written = in_the_end(made.as_ref());
                let done = quote!(#later.#written;);
                match value.as_ref().and_then(|value| writers::speaks_of_result(std::slice::from_ref(value)))
                {
                    Some(_) => self.late(&done),
                    None => self.after.extend(done),
                }
            }
        }
    }

    /// What is to be stored: made before the body where it can be.
    fn value(
        &mut self,
        (index, later): (usize, &Ident),
        value: &Expr,
        (krate, written): (&syn::Path, &Ident),
        after: &[Expr],
    ) -> TokenStream {
        match writers::speaks_of_result(std::slice::from_ref(value)) {
            Some(result) => {
                if self.is_told {
                    let why = "what this stores as well as returns has to be `Clone`";
                    let late = unread::late(why, result.span());
                    return quote!({ #late ::core::unreachable!() });
                }
                // It is what has to be cloned. What is stored as it is has been asked for that.
                if writers::is_result(value) {
                    let copy = quote!(#krate::__private::Copied(#written).copy());
                    let copy = super::located(&copy, result.span());
                    return quote!({
                        #[allow(unused_imports)]
                        use #krate::__private::CopiedAnyway as _;
                        #copy
                    });
                }
                let clone = super::located(&quote!(::core::clone::Clone::clone), result.span());
                let written = super::located(written, result.span());
                quote!({ let #result = #clone(#written); #value })
            }
            None => {
                // Where it does not fit, the user's own value is pointed at.
                let made = format_ident!("{later}_value", span = later.span().located_at(value.span()));
                let value = self.taken.value(index, value, &names(quote!(#(#after)*)));
                self.before.extend(quote!(let #made = #value;));
                quote!(#made)
            }
        }
    }
}
