//! A plain function. Its companion is a name for a type of the library's that has the verbs: what is not written
//! here need not be read, nor compiled, in every crate for every function.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::attrs::Attrs;
use super::{companion, fixed, fixed_with, function, lookup, memo, outcome, warm};
use crate::model::{Model, Plain};
use crate::{hidden, types};

/// Attributes of what goes beside a function: of code of ours, the same that may be of what is deprecated, of the name of the companion
/// and of what has the body.
const SILENT: &str = "#[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]";
const SILENT_AND_OLD: &str = "#[allow(deprecated)]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]";
const OF_TYPE: &str = "#[doc(hidden)]
    #[allow(non_camel_case_types, dead_code, private_interfaces, deprecated)]
    #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]";
const OF_HOLDER: &str = "#[doc(hidden)]
    #[allow(non_camel_case_types, missing_debug_implementations, dead_code)]";

/// What makes parts of a key.
const PARTS: &str = "#[allow(unused_imports)]
    use __krate::__private::{KnownPart as _, OwnPart as _, SharedPart as _, Unkeyed as _};";

/// The function, and what goes beside it.
pub(super) fn expand(model: &Model<'_>, plain: Plain) -> (TokenStream, TokenStream) {
    let (name, holder) = (model.companion(), model.holder());
    let (krate, vis, returned) = (&model.krate, &model.item.vis, model.forever(&model.returned));
    let (attrs, mut lifetimes) = (Attrs::sort(&model.item.attrs), Vec::new());
    let types = model.params.iter().map(|param| {
        let named = types::named(&param.ty, &mut lifetimes);
        hidden::renamed(model, &named)
    });
    let (types, all): (Vec<_>, _) = (types.collect(), attrs.of_head());
    // Of these `<>` see `function::wrapper`.
    let (types, lifetimes) = (quote!((#(#types,)*)), quote!(<#(#lifetimes),*>));
    let function = function::wrapper(model, &attrs.function, &function::head(model), &call(model, plain));
    let modes = [lookup::modes(model), outcome::constant(model)].into_iter().collect::<TokenStream>();
    let modes = (!modes.is_empty()).then(|| {
        let silent = fixed(SILENT_AND_OLD);
        quote!(#all #silent impl #holder { #modes })
    });
    let (shape, mode) = (lookup::shape(model), outcome::mode(model));
    let implementation = implementation(model, plain, &types, &shape);
    // What the library knows how to lend is said with the companion's type.
    let lent = if plain == Plain::Keyed { warm::words(model) } else { None };
    let warm_up = if lent.is_some() { None } else { warm_up(model, plain, &lifetimes, &types) };
    let lent = lent.map(|lent| quote!(, #lent));
    let warm_up = warm_up.map(|warm_up| {
        let silent = fixed(SILENT_AND_OLD);
        quote!(#all #silent #warm_up)
    });
    let (companion, of_function) = match plain {
        Plain::Borrowing => (quote!(Companion<#holder,), quote!(Function<)),
        Plain::Owning => (quote!(OwningCompanion<#holder,), quote!(Function<)),
        Plain::AwaitedBorrowing => (quote!(AsyncCompanion<#holder,), quote!(AsyncFunction<)),
        Plain::AwaitedOwning => (quote!(AsyncOwningCompanion<#holder,), quote!(AsyncFunction<)),
        Plain::Keyed => (quote!(KeyedCompanion<#holder,), quote!(KeyedFunction<#shape,)),
    };
    // Of what options speak of the user is to hear, and of what the head speaks of he does anyway.
    let is_bare = model.options.are_only(&["name", "companion", "crate", "key"]);
    let silent = fixed(if is_bare { SILENT_AND_OLD } else { SILENT });
    let (of_type, of_holder) = (fixed(OF_TYPE), fixed(OF_HOLDER));
    let uncached = companion::uncached(model, vis, &attrs.body);
    let (head, last) = super::over_the_function(model.item, vis, "type");
    let end = quote_spanned!(last=> ;);
    let hidden = hidden::declared(model, &quote!(#all #of_type));
    let beside = quote! {
        #hidden
        #all
        #of_type
        #head #name #lifetimes = #krate::__private::#companion #shape, #mode, #types, #returned #lent> #end
        #all
        #of_holder
        #vis struct #holder(());
        #all
        #silent
        impl #lifetimes #krate::__private::#of_function #types, #returned> for #holder {
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

/// What the function itself does.
fn call(model: &Model<'_>, plain: Plain) -> TokenStream {
    let name = model.companion();
    let names = model.params.iter().map(|param| &param.name);
    match plain {
        Plain::Borrowing | Plain::Owning | Plain::Keyed => quote!(#name::__call(#(#names),*)),
        Plain::AwaitedBorrowing | Plain::AwaitedOwning => {
            let call = awaited(model, plain, "call");
            quote!(#call.await)
        }
    }
}

/// What may run the body of an asynchronous function: everybody who waits for it, or where it borrows its caller alone.
fn awaited(model: &Model<'_>, plain: Plain, verb: &str) -> TokenStream {
    let (krate, name, holder, args) = (&model.krate, model.companion(), model.holder(), lookup::args(model));
    let (pattern, given) = lookup::unpack(model);
    let body = quote!(|#pattern| #holder::uncached(#given));
    if plain == Plain::AwaitedOwning {
        let is_simple = verb == "call" && memo::is_simple(model);
        let verb = if is_simple { format_ident!("call_simple") } else { format_ident!("{verb}") };
        return quote!(#krate::__async!(#verb, #name::__face(), #args, #body));
    }
    let verb = format_ident!("{verb}_here");
    quote!(#name::__face().#verb(#args, #body))
}

/// What the library asks of the function.
fn implementation(model: &Model<'_>, plain: Plain, types: &TokenStream, shape: &TokenStream) -> TokenStream {
    let (krate, holder, returned) = (&model.krate, model.holder(), model.forever(&model.returned));
    let (kept, memo) = (outcome::value_type(model), memo(model, plain, types, shape));
    let note = (!memo::is_without_options(model)).then(|| {
        let note = memo::note(model).unwrap_or_else(|| quote!(#krate::__private::note::UNKNOWN));
        let simple = memo::is_simple(model).then(|| quote!(| #krate::__private::note::SIMPLE));
        quote!(const NOTE: ::core::primitive::u8 = #note #simple;)
    });
    let names: Vec<_> = model.params.iter().map(|param| &param.name).collect();
    let (returned, refresh) = if matches!(plain, Plain::AwaitedBorrowing | Plain::AwaitedOwning) {
        let future = quote!(impl ::core::future::Future<Output = #returned>);
        let refresh = awaited(model, plain, "refresh");
        let refresh = quote! {
            #[inline]
            fn refresh((#(#names,)*): #types) -> #future {
                #refresh
            }
        };
        (future, Some(refresh))
    } else {
        (returned, None)
    };
    quote! {
        type Kept = #kept;
        #note
        #memo
        #[inline]
        fn run((#(#names,)*): #types) -> #returned {
            #holder::uncached(#(#names),*)
        }
        #refresh
    }
}

/// The memo, or where it is and what is known of it beside the type of its keys.
fn memo(model: &Model<'_>, plain: Plain, types: &TokenStream, shape: &TokenStream) -> TokenStream {
    let (krate, kept) = (&model.krate, outcome::value_type(model));
    if plain != Plain::Keyed {
        let (key, memo) = (lookup::key_type(model), memo::found(model));
        return quote! {
            type Key = #key;
            #[inline]
            fn memo() -> &'static #krate::Memo<#key, #kept> {
                #memo
            }
        };
    }
    let names: Vec<_> = model.params.iter().map(|param| &param.name).collect();
    // Without the names that lifetimes are given here: the compiler would speak of them.
    let nameless = model.params.iter().map(|param| types::nameless(&param.ty));
    let (first, key) = lookup::made(model);
    let (place, parts) = (fixed_with(krate, &memo::place(model)), fixed_with(krate, PARTS));
    let assertions = memo::assertions(model);
    let is_by_names = assertions.is_empty() && memo::is_without_options(model) && outcome::is_plain(model);
    let spec = (!is_by_names).then(|| {
        let spec = memo::spec(model);
        quote! {
            fn spec<__Key: 'static>() -> #krate::__private::Spec<__Key, #kept> {
                #assertions
                #spec
            }
        }
    });
    quote! {
        #place
        #spec
        #[inline]
        fn key((#(#names,)*): #types) -> (impl #krate::__private::ValKey<#shape>, #types) {
            #parts
            let (#(#names,)*): (#(#nameless,)*) = (#(#names,)*);
            #first
            (#key, (#(#names,)*))
        }
    }
}

/// And for loads ahead of time, where what the function takes is not what it owns.
fn warm_up(
    model: &Model<'_>,
    plain: Plain,
    lifetimes: &TokenStream,
    types: &TokenStream,
) -> Option<TokenStream> {
    if matches!(plain, Plain::Owning | Plain::AwaitedOwning) {
        return None;
    }
    let warm::Item { ty, pattern, lend } = warm::item(model)?;
    let (krate, name, holder) = (&model.krate, model.companion(), model.holder());
    let names = model.params.iter().map(|param| &param.name);
    let one = quote!(#name::__warm(#(#names),*));
    let warmed = quote!(#krate::__private::WarmedKey);
    let (of_function, warmed, one) = if plain == Plain::AwaitedBorrowing {
        let future = quote!(impl ::core::future::Future<Output = #warmed>);
        (quote!(AsyncWarmUp), future, quote!(async move { #lend #one.await }))
    } else {
        (quote!(WarmUp), warmed, quote!(#lend #one))
    };
    Some(quote! {
        impl #lifetimes #krate::__private::#of_function<#types> for #holder {
            type Item = #ty;
            fn warm_up<const USED: ::core::primitive::bool>(#pattern: #ty) -> #warmed {
                #one
            }
        }
    })
}
