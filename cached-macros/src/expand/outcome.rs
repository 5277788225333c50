//! What is kept of a return value.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;
use syn::spanned::Spanned;

use crate::model::Model;
use crate::types;

/// How a return value is kept.
enum Kind<'a> {
    /// As it is, for sure.
    Plain,
    /// As the compiler says.
    Asked,
    /// It is generic, and a `Result` by its name; its error type, where that is not generic.
    Result(Option<&'a Type>),
    /// It is generic, and no `Result` by its name.
    Generic,
}

fn kind<'a>(model: &'a Model<'_>) -> Kind<'a> {
    let ty = returned(model);
    if types::is_plain_value(ty) {
        return Kind::Plain;
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
    asked(model).map_or_else(TokenStream::new, |mode| quote!(const __RESULT: ::core::primitive::u8 = #mode;))
}

fn asked(model: &Model<'_>) -> Option<TokenStream> {
    let krate = &model.krate;
    match kind(model) {
        Kind::Asked => {
            let ty = types::forever(returned(model));
            let ask =
                if model.options.age.is_limited() { quote!(__late_mode) } else { quote!(__outcome_mode) };
            Some(quote!(#krate::#ask!(#ty)))
        }
        Kind::Result(Some(error)) => {
            let error = types::forever(error);
            Some(if model.options.age.is_limited() {
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
    match (asked(model), model.holder()) {
        (Some(_), Some(name)) => quote!({ #name::__RESULT }),
        (Some(mode), _) => quote!({ #mode }),
        (None, _) if matches!(kind(model), Kind::Result(_)) && model.options.age.is_limited() => quote!(6),
        (None, _) if matches!(kind(model), Kind::Result(_)) => quote!(1),
        (None, _) => quote!(0),
    }
}

/// The type of what is kept.
pub(super) fn value_type(model: &Model<'_>) -> TokenStream {
    let (krate, ty) = (&model.krate, types::forever(returned(model)));
    match kind(model) {
        Kind::Plain | Kind::Generic => ty,
        _ => {
            let mode = mode(model);
            quote!(<#ty as #krate::__private::Outcome<#mode>>::Kept)
        }
    }
}

/// Calls that make the compiler say in our words what cannot be kept.
pub(super) fn assertions(model: &Model<'_>) -> TokenStream {
    let (krate, ty, mode) = (&model.krate, types::forever(returned(model)), mode(model));
    let span = returned(model).span();
    match kind(model) {
        Kind::Plain => TokenStream::new(),
        Kind::Asked => quote::quote_spanned!(span=> #krate::__private::assert_value::<#mode, #ty>();),
        Kind::Result(_) => quote::quote_spanned! {span=>
            #krate::__private::assert_generic_value::<<#ty as #krate::__private::Outcome<#mode>>::Kept>();
        },
        Kind::Generic => quote::quote_spanned! {span=>
            #krate::__private::assert_seen(#krate::__private::Probe::<#ty>::NEW.kind());
            #krate::__private::assert_generic_value::<#ty>();
        },
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
        let (ty, mode, span) = (types::forever(returned(model)), mode(model), returned(model).span());
        let assertion = quote::format_ident!("{assertion}", span = span);
        Some(quote::quote_spanned!(span=> #krate::__private::#assertion::<#mode, #ty>();))
    };
    asked.iter().filter_map(assertion).collect()
}

/// Whether its type says that it is kept as it is, as long as its names mean what they mean everywhere.
pub(super) fn is_plain(model: &Model<'_>) -> bool {
    model.options.batch.marker.is_none() && matches!(kind(model), Kind::Plain)
}

/// Whether only the running program knows if it is a `Result`, as it may be for a type parameter.
pub(super) fn is_generic(model: &Model<'_>) -> bool {
    matches!(kind(model), Kind::Generic)
}
