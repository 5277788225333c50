//! The function that users call: the head as they wrote it, and one call.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{FnArg, Pat, PatType, Receiver, Signature};

use super::attrs::Attrs;
use super::{braced, companion, entry, hints, lazily, lookup, memo, needs, ours, outcome, verb, worked_out};
use crate::model::{Model, Place};
use crate::{advice, types};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let mut attrs = Attrs::sort(&model.item.attrs).function;
    let mut sig = head(model);
    let mut content = if model.options.lazy.is_some() {
        // A lazy call must be used anyway, as its type says.
        attrs.extend(quote!(#[allow(clippy::double_must_use)]));
        let lazy = lazy_type(model.seen());
        sig.asyncness = None;
        sig.output = syn::parse_quote!(-> #lazy);
        if needs::call_is_beside(model) { beside(model) } else { lazily::deferred(model) }
    } else {
        call(model)
    };
    if model.place == Place::Nowhere {
        // The user's own braces stand inside of others.
        attrs.extend(quote!(#[allow(unused_braces)]));
    }
    if let Place::Inside(_) = model.place {
        let companion = companion::expand(model);
        content = quote!(#companion #content);
    }
    wrapper(model, &attrs, &sig, &content)
}

/// The wrapper's signature.
pub(super) fn head(model: &Model<'_>) -> Signature {
    let inputs = declared(model.seen()).into_iter().collect();
    Signature { inputs, ..model.seen().item.sig.clone() }
}

/// The function itself, with this content.
pub(super) fn wrapper(
    model: &Model<'_>,
    attrs: &TokenStream,
    sig: &Signature,
    content: &TokenStream,
) -> TokenStream {
    let hints = hints::statement(model);
    let (vis, inline, body) = (&model.item.vis, inline(model), braced(model, quote!(#hints #content)));
    let sig = match model.is_method() {
        true => quote!(#sig),
        false if sig.generics.params.is_empty() => with_room(sig),
        false => without_advice(model, sig),
    };
    quote!(#attrs #inline #vis #sig #body)
}

/// A head with `<>` where it has no parameters. Of a type that it does not find the compiler asks whether it might be
/// one, unless a macro wrote the place for it; and of what goes beside the function it does not ask: so it says the same of
/// both, which is to say it once.
pub(super) fn with_room(sig: &Signature) -> TokenStream {
    if !sig.generics.params.is_empty() {
        return quote!(#sig);
    }
    let Signature { constness, asyncness, unsafety, abi, fn_token, ident, generics, inputs, output, .. } =
        sig;
    let (mut params, bounds) = (TokenStream::new(), &generics.where_clause);
    sig.paren_token.surround(&mut params, |params| inputs.to_tokens(params));
    quote!(#constness #asyncness #unsafety #abi #fn_token #ident<> #params #output #bounds)
}

/// The same of a head that has parameters: there it is the type that is written so that nobody takes it for one.
fn without_advice(model: &Model<'_>, sig: &Signature) -> TokenStream {
    let mut sig = sig.clone();
    for input in &mut sig.inputs {
        if let FnArg::Typed(input) = input {
            advice::without_any_advice(&mut input.ty, &model.names);
        }
    }
    if let syn::ReturnType::Type(_, ty) = &mut sig.output {
        advice::without_any_advice(ty, &model.names);
    }
    quote!(#sig)
}

/// A wrapper is compiled where it is called, as what is generic is: a crate does not pay for what it only offers. Unless
/// the user has other plans with it.
fn inline(model: &Model<'_>) -> TokenStream {
    const OTHERS: &[&str] =
        &["inline", "cold", "no_mangle", "export_name", "link_section", "unsafe", "cfg_attr"];
    let is_other = |attr: &syn::Attribute| OTHERS.iter().any(|name| attr.path().is_ident(name));
    let has_plans = model.item.sig.abi.is_some() || model.item.attrs.iter().any(is_other);
    let is_elsewhere = matches!(model.place, Place::Apart | Place::Nowhere);
    if has_plans || is_elsewhere { TokenStream::new() } else { quote!(#[inline]) }
}

/// The parameters as the wrapper declares them.
pub(super) fn declared(model: &Model<'_>) -> Vec<FnArg> {
    let declared = model.item.sig.inputs.iter().zip(&model.params).map(|(input, param)| match input {
        // Whether it is changed is for the body to say.
        FnArg::Receiver(receiver) if receiver.reference.is_none() => {
            FnArg::Receiver(Receiver { mutability: None, ..receiver.clone() })
        }
        FnArg::Receiver(_) => input.clone(),
        FnArg::Typed(_) => FnArg::Typed(PatType {
            attrs: Vec::new(),
            pat: Box::new(Pat::Verbatim(param.name.to_token_stream())),
            colon_token: syn::token::Colon::default(),
            ty: Box::new(param.ty.clone()),
        }),
    });
    declared.collect()
}

/// The memoized call.
pub(super) fn call(model: &Model<'_>) -> TokenStream {
    let failing = outcome::failing(model);
    let call = if needs::call_is_beside(model) { beside(model) } else { run(model, "call") };
    quote!(#failing #call)
}

/// What a lazy call returns.
pub(super) fn lazy_type(model: &Model<'_>) -> TokenStream {
    let (krate, returned) = (&model.krate, model.spared(&model.returned));
    // All of it where the user wrote the type: there the compiler says what a trait has declared instead.
    let place = returned.span();
    let name = if model.item.sig.asyncness.is_some() { "LazyFuture" } else { "Lazy" };
    let (krate, lazy) = (super::located(krate, place), proc_macro2::Ident::new(name, place));
    // Lints that speak of the head find its end here.
    let end = quote::quote_spanned!(returned.span()=> >);
    quote!(#krate::#lazy<#returned #end)
}

/// A call of what runs the call: all of it at one place, so that the compiler says once what it misses.
fn beside(model: &Model<'_>) -> TokenStream {
    let (path, turbofish) = (model.path("__call"), model.turbofish(&TokenStream::new()));
    let path = needs::at_place(model, quote!(#path #turbofish));
    // An argument that it takes for the cause is at that place, too.
    let names = model.params.iter().map(|param| {
        let name = &param.name;
        let mut braces = Group::new(Delimiter::Brace, quote!(#name));
        braces.set_span(needs::place(model));
        if *name == "self" { quote!(#name) } else { quote!(#braces) }
    });
    let waits = model.item.sig.asyncness.filter(|_| model.options.lazy.is_none());
    let wait = waits.map(|_| needs::at_place(model, quote!(.await)));
    let mut args = Group::new(Delimiter::Parenthesis, quote!(#(#names),*));
    args.set_span(needs::place(model));
    quote!(#path #args #wait)
}

/// The same of a lazy call that is forced, which counts that.
pub(super) fn forced(model: &Model<'_>) -> TokenStream {
    let face = face_of(model, "call");
    run_at(model, "call", &quote!(#face.forced()), &quote!(.await))
}

/// A verb that may run the body: `call` or `refresh`.
pub(super) fn run(model: &Model<'_>, verb: &str) -> TokenStream {
    run_at(model, verb, &face_of(model, verb), &quote!(.await))
}

/// The same as a future that nobody waits for yet, of a function that needs nothing else first.
pub(super) fn future(model: &Model<'_>, verb: &str) -> Option<TokenStream> {
    let is_whole = model.item.sig.asyncness.is_some()
        && model.key_is_named()
        && !lookup::has_expression(model)
        && !model.is_of_thread()
        && model.written.is_none()
        && model.options.inside.is_none();
    is_whole.then(|| run_at(model, verb, &face_of(model, verb), &TokenStream::new()))
}

/// The memo's face; that of a call is told what a hit leaves behind, where that is known.
fn face_of(model: &Model<'_>, verb: &str) -> TokenStream {
    let face = memo::face(model);
    match memo::note(model).filter(|_| verb == "call") {
        Some(note) => quote!(#face.noting(#note)),
        None => face,
    }
}

fn run_at(model: &Model<'_>, verb: &str, face: &TokenStream, wait: &TokenStream) -> TokenStream {
    if let Some(run) = entry::run(model, verb) {
        return run;
    }
    let (kept, face) = kept(model, face);
    let (known, made) = (worked_out::known(model), lookup::args(model));
    let body = body(model);
    // Once, as the compiler does not always see that it says the same again.
    let inside = match &model.options.inside {
        Some(_) if verb == "call" => memo::assertions(model),
        _ => TokenStream::new(),
    };
    let (lookup, args) = if model.key_is_named() {
        (TokenStream::new(), made)
    } else {
        let lookup = ours("lookup");
        (quote!(let #lookup = #made;), lookup.to_token_stream())
    };
    let call = verb::Call { model, verb, face: &face, args: &args, body: &body, wait }.written();
    quote!(#known #kept #inside #lookup #call)
}

/// What keeps an instance whose cache it is, where the body takes it along, and the face of that.
fn kept(model: &Model<'_>, face: &TokenStream) -> (TokenStream, TokenStream) {
    let is_shared = model.item.receiver().is_some_and(|receiver| types::is_shared(&receiver.ty));
    if !is_shared || model.options.inside.is_none() || model.item.is_boxed_future() {
        return (TokenStream::new(), face.clone());
    }
    let own = ours("instance");
    let face = types::each_ident(face.clone(), &|name| (name == "self").then(|| own.clone()));
    (quote!(let #own = ::core::clone::Clone::clone(&self);), face)
}

/// A closure that makes the arguments owned, and another that runs the body with them, on any thread. `None` where
/// nobody asks for it, or where it cannot be known that the arguments may be sent: then the caller itself reloads.
pub(super) fn again(model: &Model<'_>) -> Option<TokenStream> {
    let asked = model.options.age.reloads() || model.options.age.is_soft();
    if !asked || model.is_of_thread() || cannot_run_again(model).is_some() {
        return None;
    }
    let (pattern, _) = lookup::unpack(model);
    let krate = &model.krate;
    let (mut owned, mut lent) = (TokenStream::new(), TokenStream::new());
    for param in &model.params {
        let name = &param.inner;
        if let Some(reference) = types::as_reference(&param.ty) {
            let elem = model.spared(&reference.elem);
            owned.extend(quote!(#krate::__own_again!(owned, *#name),));
            lent.extend(quote!(::core::borrow::Borrow::<#elem>::borrow(&#name),));
        } else {
            owned.extend(quote!(#krate::__own_again!(cloned, #name),));
            lent.extend(quote!(#name,));
        }
    }
    let names = model.params.iter().map(|param| &param.inner);
    let (uncached, turbofish) = (model.body(), model.turbofish(&TokenStream::new()));
    Some(quote!(|#pattern| (#owned), |(#(#names,)*)| #uncached #turbofish(#lent)))
}

/// Why the body cannot be run once more by another thread, as the end of a sentence; `None` where it can. What is part of a key is
/// `Clone + Send + 'static` once it is owned, and a body beside its function can be called from anywhere.
pub(crate) fn cannot_run_again(model: &Model<'_>) -> Option<String> {
    if matches!(model.place, Place::Nowhere) {
        return Some(
            "this method's body has no name by which that could call it: put `#[memoize]` on the block, too"
                .to_owned(),
        );
    }
    for (index, param) in model.params.iter().enumerate() {
        let in_key =
            model.parts.iter().any(|part| matches!(part, crate::key::Part::Param(other) if *other == index));
        let inner = types::as_reference(&param.ty).map_or(&param.ty, |reference| &reference.elem);
        let name = param.called();
        if !in_key {
            return Some(format!(
                "`{name}` is no part of the key, so nobody knows whether that may have it: make it a part, or drop the option"
            ));
        }
        let is_short = types::as_reference(&param.ty).is_none_or(|own| model.is_lent_for_a_call(own));
        if types::borrows(inner) || !is_short {
            return Some(format!("`{name}` borrows: take it as an owned value"));
        }
    }
    None
}

/// A closure that runs the body.
fn body(model: &Model<'_>) -> TokenStream {
    let (pattern, args) = lookup::unpack(model);
    if model.place != Place::Nowhere {
        let (uncached, turbofish) = (model.body(), model.turbofish(&TokenStream::new()));
        // A future may outlive the call that makes it, with all that the key leaves out.
        let moved = model.is_async().then(|| quote!(move));
        return quote!(#moved |#pattern| #uncached #turbofish(#args));
    }
    let (body, returned) = (&model.item.body, outcome::returned(model));
    let patterns = model.item.sig.inputs.iter().zip(&model.params).filter_map(|(input, param)| match input {
        FnArg::Receiver(_) => None,
        FnArg::Typed(input) => {
            let (pat, ty, name) = (&input.pat, &param.ty, &param.inner);
            Some(quote!(let #pat: #ty = #name;))
        }
    });
    let patterns: TokenStream = patterns.collect();
    if model.item.sig.asyncness.is_some() {
        let value = ours("value");
        return quote!(move |#pattern| async move { #patterns let #value: #returned = #body; #value });
    }
    let whole = &model.returned;
    quote!(move |#pattern| -> #whole { #patterns #body })
}
