//! A function that writes: its head as the user wrote it, its body run as a whole, and what is to be done before and after it.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, FnArg, Pat, ReturnType};

use super::{ours, unread};
use crate::diag::Diag;
use crate::item::Item;
use crate::key::peel;
use crate::model::Model;
use crate::options::Options;
use crate::told::Unfit;
use crate::types;
use crate::writers::{self, Kind, Step, Verb, Writer};

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
    if !diag.is_empty() {
        let errors = diag.tell();
        return quote!(#item #errors);
    }
    let written = function(&writer, &item);
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

/// The parameters that are there by value, and are needed in more than one place: what a key takes of them is a copy.
#[derive(Default)]
struct Taken(Vec<String>);

impl Taken {
    fn of(writer: &Writer, item: &Item) -> Self {
        let mut spoken_of = Vec::new();
        let mut note = |tokens: TokenStream| {
            types::any_name(writers::without_fields(tokens), &mut |ident| {
                spoken_of.push(ident.to_string());
                false
            });
        };
        note(item.body.stream());
        for step in &writer.steps {
            match step {
                Step::Entry(entry) => {
                    let (_, args, value) = &**entry;
                    note(quote!(#(#args)* #value));
                }
                Step::Tag(tag) => note(tag.tokens()),
                Step::Whole(_) => {}
            }
        }
        let is_needed = |name: &String| spoken_of.iter().filter(|other| *other == name).count() > 1;
        let by_value = item.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(input) if !matches!(types::peel(&input.ty), syn::Type::Reference(_)) => {
                match &*input.pat {
                    Pat::Ident(own) if !types::is_primitive(&input.ty) => Some(own.ident.to_string()),
                    _ => None,
                }
            }
            _ => None,
        });
        Self(by_value.filter(is_needed).collect())
    }

    /// An argument of an entry, and a statement that has to come before it.
    fn lend(&self, index: usize, arg: &Expr) -> (TokenStream, TokenStream) {
        let mut root = peel(arg);
        while let Expr::Field(field) = root {
            root = peel(&field.base);
        }
        let is_taken = matches!(root, Expr::Path(path) if path.path.get_ident().is_some_and(|name| self.0.iter().any(|own| name == own)));
        if !is_taken {
            return (quote!(#arg), TokenStream::new());
        }
        // Where it does not fit, it is the argument that is pointed at.
        let at = Span::call_site().located_at(arg.span());
        let copy = format_ident!("copy{index}", span = Span::mixed_site().located_at(arg.span()));
        (quote!(#copy), quote_spanned!(at=> let #copy = ::core::clone::Clone::clone(&#arg);))
    }
}

impl Taken {
    /// Statements that hide what a value takes away by copies of it.
    fn copied(&self, value: &Expr) -> TokenStream {
        let mut taken = Vec::new();
        moved(quote!(#value), &mut taken);
        taken.sort();
        taken.dedup();
        let copied = taken.iter().filter(|name| self.0.iter().any(|own| *name == own)).map(|name| {
            let at = Span::call_site().located_at(name.span());
            quote_spanned!(at=> let #name = ::core::clone::Clone::clone(&#name);)
        });
        copied.collect()
    }
}

/// Names that are neither borrowed, nor asked for a field or a method, nor given to a macro.
fn moved(tokens: TokenStream, found: &mut Vec<Ident>) {
    let all: Vec<_> = tokens.into_iter().collect();
    let is = |at: Option<usize>, signs: &str| match at.and_then(|at| all.get(at)) {
        Some(TokenTree::Punct(punct)) => signs.contains(punct.as_char()),
        _ => false,
    };
    for (at, token) in all.iter().enumerate() {
        match token {
            TokenTree::Ident(name) if !is(at.checked_sub(1), "&.:!") && !is(Some(at + 1), ".:!?") => {
                found.push(name.clone());
            }
            TokenTree::Group(group) if !is(at.checked_sub(1), "!") => moved(group.stream(), found),
            _ => {}
        }
    }
}

fn function(writer: &Writer, item: &Item) -> TokenStream {
    let krate = writer.krate.clone().unwrap_or_else(|| syn::parse_quote!(::cached_core));
    let (returned, written) = (ours("returned"), ours("written"));
    let mut around = Around {
        taken: Taken::of(writer, item),
        is_told: writer.stores_result() && is_told_of_returned(item),
        ..Around::default()
    };
    for (index, step) in writer.steps.iter().enumerate() {
        around.add(index, step, &krate, &written);
    }
    let Around { before, after, late, .. } = around;
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
    let is_named = !types::mentions(ty.clone(), "impl");
    let of_type = is_named.then(|| quote!(: #ty));
    // What is worked out afterwards may speak of parameters: then the body has only what it takes.
    let capture = (!mentions_parameters(item, &late)).then(|| quote!(move));
    let content = if item.sig.asyncness.is_some() {
        let value = ours("value");
        quote!(#before let #returned = async #capture { let #value #of_type = #body; #value }.await; #told #returned)
    } else if item.is_boxed_future() {
        let future = ours("future");
        quote! {
            #before
            let #future: #ty = (|| -> #ty #body)();
            ::std::boxed::Box::pin(async move { let #returned = #future.await; #told #returned })
        }
    } else {
        let returns = is_named.then(|| quote!(-> #ty));
        // Run as what runs once, it may return what it borrows of what it was given.
        quote!(#before let #returned = #krate::__private::once(#capture || #returns #body); #told #returned)
    };
    let (attrs, vis, sig) = (&item.attrs, &item.vis, &item.sig);
    let mut braces = Group::new(proc_macro2::Delimiter::Brace, content);
    braces.set_span(body.span());
    quote!(#(#attrs)* #vis #sig #braces)
}

/// Whether another function has told that the type of what is returned lacks `Clone`; this one does it otherwise.
fn is_told_of_returned(item: &Item) -> bool {
    let (options, mut diag) = (Options::default(), Diag::default());
    let model = Model::new(item, &options, None, &mut diag);
    let _ = diag.tell();
    Unfit::Value(model.returned.clone()).is_told_elsewhere(&model)
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
                let (verb, args, value) = &**entry;
                self.entry(&later, verb, args, value.as_ref(), written);
            }
        }
    }

    fn late(&mut self, statement: &TokenStream) {
        self.late.extend(statement.clone());
        self.after.extend(statement.clone());
    }

    fn entry(&mut self, later: &Ident, verb: &Verb, args: &[Expr], value: Option<&Expr>, written: &Ident) {
        let lent = args.iter().enumerate().map(|(index, arg)| self.taken.lend(index, arg));
        let (lent, copied): (Vec<_>, TokenStream) = lent.unzip();
        let call = match verb {
            Verb::Path(path) => quote!(#path(#(#lent),*)),
            Verb::Method(receiver, name) => quote!(#receiver.#name(#(#lent),*)),
        };
        let receiver = match verb {
            Verb::Method(receiver, _) => vec![(**receiver).clone()],
            Verb::Path(_) => Vec::new(),
        };
        let made = value.map(|value| self.value(later, value, written));
        match writers::speaks_of_result(&[args, &receiver].concat()) {
            Some(result) if value.is_some() && writers::wants_result(args) => {
                self.late(
                    &quote!({ let #result = ::core::clone::Clone::clone(#written); #copied #call.now(#made); }),
                );
            }
            Some(result) => self.late(&quote!({ let #result = #written; #copied #call.now(#made); })),
            None => {
                self.before.extend(quote!(#copied let #later = #call;));
                let done = quote!(#later.now(#made););
                match value.and_then(|value| writers::speaks_of_result(std::slice::from_ref(value))) {
                    Some(_) => self.late(&done),
                    None => self.after.extend(done),
                }
            }
        }
    }

    /// What is to be stored: made before the body where it can be.
    fn value(&mut self, later: &Ident, value: &Expr, written: &Ident) -> TokenStream {
        match writers::speaks_of_result(std::slice::from_ref(value)) {
            Some(result) => {
                if self.is_told {
                    let why = "what this stores as well as returns has to be `Clone`";
                    let late = unread::late(why, result.span());
                    return quote!({ #late ::core::unreachable!() });
                }
                // It is what has to be cloned.
                let clone = super::located(&quote!(::core::clone::Clone::clone), result.span());
                let written = super::located(written, result.span());
                quote!({ let #result = #clone(#written); #value })
            }
            None => {
                // Where it does not fit, the user's own value is pointed at.
                let made = format_ident!("{later}_value", span = later.span().located_at(value.span()));
                let copied = self.taken.copied(value);
                let value = if copied.is_empty() { quote!(#value) } else { quote!({ #copied #value }) };
                self.before.extend(quote!(let #made = #value;));
                quote!(#made)
            }
        }
    }
}
