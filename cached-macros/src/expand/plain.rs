//! A plain function. Its companion is a name for a type of the library's that has the verbs: what is not written
//! here need not be read, nor compiled, in every crate for every function.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::attrs::Attrs;
use super::{companion, function, lookup, memo, outcome, warm};
use crate::model::Model;
use crate::types;

/// The function, and what goes beside it.
pub(super) fn expand(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let (name, holder) = (model.companion(), model.holder());
    let (krate, vis, returned) = (&model.krate, &model.item.vis, &model.returned);
    let (attrs, mut lifetimes) = (Attrs::sort(&model.item.attrs), Vec::new());
    let types = model.params.iter().map(|param| types::named(&param.ty, &mut lifetimes));
    let (types, all): (Vec<_>, _) = (types.collect(), attrs.of_head());
    // Of these `<>` see `function::wrapper`.
    let lifetimes = quote!(<#(#lifetimes),*>);
    let names: Vec<_> = model.params.iter().map(|param| &param.name).collect();
    let call = quote!(#name::__call(#(#names),*));
    let function = function::wrapper(model, &attrs.function, &function::head(model), &call);
    let modes = [lookup::modes(model), outcome::constant(model)].into_iter().collect::<TokenStream>();
    let modes = (!modes.is_empty()).then(
        || quote!(#all #[allow(clippy::all, clippy::pedantic, clippy::restriction)] impl #holder { #modes }),
    );
    let (shape, mode, memo) = (lookup::shape(model), outcome::mode(model), memo::found(model));
    let (key, kept) = (lookup::key_type(model), outcome::value_type(model));
    let note = memo::note(model).map(|note| quote!(const NOTE: ::core::primitive::u8 = #note;));
    let uncached = companion::uncached(model, vis, &attrs.body);
    // Where a type is less seen than the function, that is said of these.
    let open = |ty: &&syn::Type| !types::is_plain_key(types::as_reference(ty).map_or(ty, |own| &own.elem));
    let arg = model.params.iter().map(|param| &param.ty).find(open);
    let [of_key, of_kept] = [arg.map_or_else(Span::call_site, Spanned::span), returned.span()]
        .map(|place| Span::call_site().located_at(place));
    let warm_up = warm::item(model).map(|warm::Item { ty, pattern, lend }| {
        let item = quote_spanned!(of_key=> type Item = #ty;);
        quote! {
            #all
            #[allow(clippy::all, clippy::pedantic, clippy::restriction)]
            impl #krate::__private::WarmUp for #holder {
                #item
                fn warm_up<const USED: ::core::primitive::bool>(#pattern: #ty) -> #krate::__private::WarmedKey {
                    #lend
                    #name::__warm(#(#names),*)
                }
            }
        }
    });
    let key_and_kept =
        [quote_spanned!(of_key=> type Key = #key;), quote_spanned!(of_kept=> type Kept = #kept;)];
    let key_and_kept: TokenStream = key_and_kept.into_iter().collect();
    let beside = quote! {
        #all
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, private_interfaces)]
        #[allow(clippy::all, clippy::pedantic, clippy::restriction)]
        #vis type #name #lifetimes = #krate::__private::Companion<#holder, #shape, #mode, (#(#types,)*), #returned>;
        #all
        #[doc(hidden)]
        #[allow(non_camel_case_types, missing_debug_implementations, dead_code)]
        #[allow(clippy::exhaustive_enums)]
        #vis enum #holder {}
        #all
        #[allow(clippy::all, clippy::pedantic, clippy::restriction)]
        impl #lifetimes #krate::__private::Function<(#(#types,)*), #returned> for #holder {
            #key_and_kept
            #note
            #[inline]
            fn memo() -> &'static #krate::Memo<#key, #kept> {
                #memo
            }
            #[inline]
            fn run((#(#names,)*): (#(#types,)*)) -> #returned {
                #holder::uncached(#(#names),*)
            }
        }
        #warm_up
        #modes
        #all
        impl #holder {
            #uncached
        }
    };
    (function, beside)
}
