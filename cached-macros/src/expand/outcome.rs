//! What is kept of a return value.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Type;
use syn::spanned::Spanned;

use super::{needs, once};
use crate::advice;
use crate::model::{Model, Seen};
use crate::types;

/// How a return value is kept.
enum Kind<'a> {
    /// As it is, for sure.
    Plain,
    /// As this value of a `Result`, for sure; its error is told to all who wait.
    Known(&'a Type),
    /// As the compiler says.
    Asked,
    /// It is generic, and a `Result` by its name; its error type, where that is not generic.
    Result(Option<&'a Type>),
    /// It is generic, and no `Result` by its name.
    Generic,
}

fn kind<'a>(model: &'a Model<'_>) -> Kind<'a> {
    let ty = returned(model);
    match (model.seen_of_kept(ty), types::argument_of(ty, "Result")) {
        (Seen::Plain, _) => return Kind::Plain,
        // Whether its error can also tell that a load took too long only the compiler knows.
        (Seen::Result, Some(value)) if !model.options.age.is_limited() => return Kind::Known(value),
        _ => {}
    }
    if !model.names.are_in(ty) {
        return Kind::Asked;
    }
    if types::is_result(ty) {
        return Kind::Result(types::result_error(ty).filter(|ty| !model.names.are_in(ty)));
    }
    Kind::Generic
}

/// The type of what the body returns, or of what its future yields.
pub(super) fn returned<'a>(model: &'a Model<'_>) -> &'a Type {
    let boxed = if model.is_method() { model.item.boxed_future() } else { None };
    boxed.unwrap_or(&model.returned)
}

/// The constant that says how it is kept, beside a free function.
pub(super) fn constant(model: &Model<'_>) -> TokenStream {
    let (Some(mode), Some(_)) = (asked(model), model.holder_for(returned(model))) else {
        return TokenStream::new();
    };
    let mode = advice::in_sight(mode, returned(model), &model.item.sig.generics);
    quote!(const __RESULT: ::core::primitive::u8 = #mode;)
}

fn asked(model: &Model<'_>) -> Option<TokenStream> {
    let krate = &model.krate;
    match kind(model) {
        Kind::Asked => {
            let ty = model.forever(returned(model));
            let ask =
                if model.options.age.is_limited() { quote!(__late_mode) } else { quote!(__outcome_mode) };
            Some(quote!(#krate::#ask!(#ty)))
        }
        Kind::Result(Some(error)) => {
            let error = model.forever(error);
            Some(if model.is_of_thread() {
                let modes = quote!(#krate::__private::outcome_mode);
                let told = quote!(#krate::__error_mode!(#error) == #modes::RESULT_SHARED);
                quote!(#modes::of_result(true, false, #told))
            } else if model.options.age.is_limited() {
                quote!(#krate::__late_mode!(::core::result::Result<(), #error>))
            } else {
                quote!(#krate::__error_mode!(#error))
            })
        }
        _ => None,
    }
}

/// How it is kept, as an argument of a type.
pub(super) fn mode(model: &Model<'_>) -> TokenStream {
    match (asked(model), model.holder_for(returned(model))) {
        (Some(_), Some(name)) => quote!({ #name::__RESULT }),
        (Some(mode), _) => quote!({ #mode }),
        (None, _) => unasked(model),
    }
}

/// Whether it can be, where that is asked.
pub(super) fn fits(model: &Model<'_>) -> Option<TokenStream> {
    let (krate, mode) = (&model.krate, asked(model).map(|_| mode(model))?);
    Some(quote!(#krate::__private::outcome_mode::is_fit(#mode)))
}

/// How it is kept where only the compiler knows it.
fn unasked(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    match (kind(model), model.is_of_thread()) {
        (Kind::Result(_), true) => quote!({ #krate::__private::outcome_mode::LOCAL_RESULT }),
        (Kind::Generic, true) => quote!({ #krate::__private::outcome_mode::NOT_SHARED }),
        (Kind::Result(_), false) if model.options.age.is_limited() => quote!(6),
        (Kind::Result(_), false) => quote!(1),
        (Kind::Known(_), _) => quote!({ #krate::__private::outcome_mode::RESULT_SHARED }),
        _ => quote!(0),
    }
}

/// The type of what is kept.
pub(super) fn value_type(model: &Model<'_>) -> TokenStream {
    let (krate, ty) = (&model.krate, model.forever(returned(model)));
    match kind(model) {
        Kind::Plain => ty,
        Kind::Known(value) => model.forever(value),
        Kind::Generic if !model.is_of_thread() => ty,
        _ => {
            let mode = mode(model);
            quote!(<#ty as #krate::__private::Outcome<#mode>>::Kept)
        }
    }
}

/// What is kept as users see it: its type, and the functions there and back, where that is another.
pub(super) fn shown(model: &Model<'_>) -> (TokenStream, Option<(TokenStream, TokenStream)>) {
    // Of a type that nobody sees it may turn out that it cannot be kept: what users give is of that type nevertheless.
    let is_another = match kind(model) {
        Kind::Plain => false,
        Kind::Asked => true,
        Kind::Known(_) | Kind::Result(_) | Kind::Generic => model.is_of_thread(),
    };
    if !is_another {
        return (value_type(model), None);
    }
    let (krate, ty, mode) = (&model.krate, model.forever(returned(model)), mode(model));
    let outcome = quote!(<#ty as #krate::__private::Outcome<#mode>>);
    (quote!(#outcome::Shown), Some((quote!(#outcome::show), quote!(#outcome::keep))))
}

/// Calls that make the compiler say in our words what cannot be kept.
pub(super) fn assertions(model: &Model<'_>) -> TokenStream {
    let (krate, ty, mode) = (&model.krate, model.forever(returned(model)), mode(model));
    let span = returned(model).span();
    match kind(model) {
        Kind::Plain | Kind::Known(_) => TokenStream::new(),
        Kind::Asked if once::is_key_as_well(model, returned(model)) => TokenStream::new(),
        Kind::Asked => {
            let assert = model.fit("assert_value");
            quote::quote_spanned!(span=> #krate::__private::#assert::<#mode, #ty>();)
        }
        Kind::Result(_) => {
            let kept = quote!(<#ty as #krate::__private::Outcome<#mode>>::Kept);
            fit(model, &kept, span)
        }
        Kind::Generic => {
            let (fit, krate) = (fit(model, &ty, span), super::located(krate, span));
            quote::quote_spanned! {span=>
                #krate::__private::assert_seen(#krate::__private::Probe::<#ty>::NEW.__kind());
                #fit
            }
        }
    }
}

/// The type of what is kept where only its parameters say it.
pub(super) fn generic(model: &Model<'_>) -> Option<TokenStream> {
    let ty = || model.forever(returned(model));
    match kind(model) {
        Kind::Result(_) => {
            let (krate, mode, ty) = (&model.krate, mode(model), ty());
            Some(quote!(<#ty as #krate::__private::Outcome<#mode>>::Kept))
        }
        Kind::Generic => Some(ty()),
        Kind::Plain | Kind::Known(_) | Kind::Asked => None,
    }
}

/// The same for a generic type that is kept.
fn fit(model: &Model<'_>, kept: &TokenStream, span: Span) -> TokenStream {
    if needs::speaks_of(model, returned(model)) || needs::is_owned_key(model, returned(model)) {
        return TokenStream::new();
    }
    let (krate, assert) = (super::located(&model.krate, span), model.fit("assert_generic_value"));
    if model.is_of_thread() {
        return quote::quote_spanned!(span=> #krate::__private::#assert::<#kept>(););
    }
    quote::quote_spanned! {span=>
        #krate::__private::#assert::<#kept>(#krate::__private::Probe::<#kept>::NEW.__value());
    }
}

/// Calls that make the compiler say in our words what an option misses in the way in which the function fails.
pub(super) fn failing(model: &Model<'_>) -> TokenStream {
    let (krate, age) = (&model.krate, &model.options.age);
    let asked = [
        ("stale_if_error", "assert_fails"),
        ("errors", "assert_keeps_errors"),
        ("load_timeout", "assert_late"),
    ];
    let assertion = |(option, assertion): &(&str, &str)| {
        age.span(option)?;
        let (ty, mode, span) = (model.forever(returned(model)), mode(model), returned(model).span());
        let assertion = quote::format_ident!("{assertion}", span = span);
        Some(quote::quote_spanned!(span=> #krate::__private::#assertion::<#mode, #ty>();))
    };
    // What is surely no `Result` misses the same for all of them.
    let told = if is_plain(model) { 1 } else { asked.len() };
    asked.iter().filter_map(assertion).take(told).collect()
}

/// Whether its type says that it is kept as it is, as long as its names mean what they mean everywhere.
pub(super) fn is_plain(model: &Model<'_>) -> bool {
    model.options.batch.marker.is_none() && matches!(kind(model), Kind::Plain | Kind::Known(_))
}

/// Whether only the running program knows if it is a `Result`, as it may be for a type parameter.
pub(super) fn is_generic(model: &Model<'_>) -> bool {
    matches!(kind(model), Kind::Generic)
}
