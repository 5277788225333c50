//! A plain function. Its companion is a name for a type of the library's that has the verbs: what is not written
//! here need not be read, nor compiled, in every crate for every function.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::attrs::Attrs;
use super::{companion, function, lookup, memo, outcome, warm};
use crate::model::Model;
use crate::types;

/// The function, and what goes beside it.
pub(super) fn expand(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let (name, holder) = (model.companion(), model.holder());
    let (krate, vis, returned) = (&model.krate, &model.item.vis, model.forever(&model.returned));
    let (attrs, mut lifetimes) = (Attrs::sort(&model.item.attrs), Vec::new());
    let types = model.params.iter().map(|param| types::named(&param.ty, &mut lifetimes));
    let (types, all): (Vec<_>, _) = (types.collect(), attrs.of_head());
    let types = quote!((#(#types,)*));
    // Of these `<>` see `function::wrapper`.
    let lifetimes = quote!(<#(#lifetimes),*>);
    let names = model.params.iter().map(|param| &param.name);
    let call = quote!(#name::__call(#(#names),*));
    let function = function::wrapper(model, &attrs.function, &function::head(model), &call);
    let modes = [lookup::modes(model), outcome::constant(model)].into_iter().collect::<TokenStream>();
    let modes = (!modes.is_empty()).then(
        || quote!(#all #[allow(deprecated, clippy::all, clippy::pedantic, clippy::restriction)] impl #holder { #modes }),
    );
    let (shape, mode) = (lookup::shape(model), outcome::mode(model));
    let (implementation, warm_up) = (implementation(model, &types), warm_up(model, &lifetimes, &types));
    let warm_up = warm_up.map(|warm_up| quote!(#all #warm_up));
    // Of what options speak of the user is to hear, and of what the head speaks of he does anyway.
    let is_bare = model.options.are_only(&["name", "companion", "crate"]);
    let deprecated = is_bare.then(|| quote!(deprecated,));
    let uncached = companion::uncached(model, vis, &attrs.body);
    let (head, last) = super::over_the_function(model.item, vis, "type");
    let end = quote_spanned!(last=> ;);
    let beside = quote! {
        #all
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, private_interfaces)]
        #[allow(deprecated, clippy::all, clippy::pedantic, clippy::restriction)]
        #head #name #lifetimes = #krate::__private::Companion<#holder, #shape, #mode, #types, #returned> #end
        #all
        #[doc(hidden)]
        #[allow(non_camel_case_types, missing_debug_implementations, dead_code)]
        #[allow(clippy::exhaustive_enums)]
        #vis enum #holder {}
        #all
        #[allow(#deprecated clippy::all, clippy::pedantic, clippy::restriction)]
        impl #lifetimes #krate::__private::Function<#types, #returned> for #holder {
            #implementation
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

/// What the library asks of the function.
fn implementation(model: &Model<'_>, types: &TokenStream) -> TokenStream {
    let (krate, holder, returned) = (&model.krate, model.holder(), model.forever(&model.returned));
    let (key, kept, memo) = (lookup::key_type(model), outcome::value_type(model), memo::found(model));
    let note = memo::note(model).map(|note| quote!(const NOTE: ::core::primitive::u8 = #note;));
    let names: Vec<_> = model.params.iter().map(|param| &param.name).collect();
    quote! {
        type Key = #key;
        type Kept = #kept;
        #note
        #[inline]
        fn memo() -> &'static #krate::Memo<#key, #kept> {
            #memo
        }
        #[inline]
        fn run((#(#names,)*): #types) -> #returned {
            #holder::uncached(#(#names),*)
        }
    }
}

/// And for loads ahead of time.
fn warm_up(model: &Model<'_>, lifetimes: &TokenStream, types: &TokenStream) -> Option<TokenStream> {
    let warm::Item { ty, pattern, lend } = warm::item(model)?;
    let (krate, name, holder) = (&model.krate, model.companion(), model.holder());
    let names = model.params.iter().map(|param| &param.name);
    Some(quote! {
        #[allow(deprecated, clippy::all, clippy::pedantic, clippy::restriction)]
        impl #lifetimes #krate::__private::WarmUp<#types> for #holder {
            type Item = #ty;
            fn warm_up<const USED: ::core::primitive::bool>(#pattern: #ty) -> #krate::__private::WarmedKey {
                #lend
                #name::__warm(#(#names),*)
            }
        }
    })
}
