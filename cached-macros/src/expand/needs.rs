//! What is emitted beside a generic function asks that its types be fit for it. So it compiles whatever they are, and the
//! function, which calls it and asks for no more than its user wrote, is the one place where it shows that they are not.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

use super::{function, lazily, located, lookup, outcome};
use crate::alone::Around;
use crate::check;
use crate::model::{Model, Place};
use crate::shape::Shape;
use crate::types;

/// The parameters of what is emitted beside the function, and all that is asked of them.
pub(super) fn declared(model: &Model<'_>, more: &TokenStream) -> (TokenStream, TokenStream) {
    let (generics, mut bounds) = model.declared(more);
    let needs = needs(model);
    if !needs.is_empty() {
        let and = if bounds.is_empty() { quote!(where) } else { quote!(,) };
        bounds.extend(quote!(#and #(#needs),*));
    }
    (generics, bounds)
}

/// What keeps something without parameters from those who are no `Self` with a size, where that is asked of a method of a trait.
pub(super) fn sized(model: &Model<'_>) -> Option<TokenStream> {
    let clause = &model.item.sig.generics.where_clause;
    let is_asked =
        matches!(model.around, Some(Around::Trait(_))) && types::mentions(quote!(#clause), "Sized");
    is_asked.then(|| quote!(where Self: ::core::marker::Sized))
}

/// Whether anything is asked that the function itself does not.
pub(super) fn are_any(model: &Model<'_>) -> bool {
    !needs(model).is_empty()
}

/// Whether a type is one of which something is asked: where nothing goes beside the function, there is nothing to ask it.
pub(super) fn speaks_of(model: &Model<'_>, ty: &syn::Type) -> bool {
    model.place != Place::Nowhere && model.askable.are_in(ty)
}

/// Whether the function calls what runs the call, beside it: where more than one call would show that its types are not fit,
/// or where these cannot even be written down then.
pub(super) fn call_is_beside(model: &Model<'_>) -> bool {
    if model.place == Place::Nowhere {
        return false;
    }
    if model.written.is_some() {
        return true;
    }
    if model.is_of_thread() || model.options.lazy.is_some() {
        return are_any(model);
    }
    // Of what is in the key or is kept the compiler says at each thing it comes to that it may not live long enough; of all else it
    // does so where the call is awaited.
    let types = || model.leaves().map(|(_, leaf)| &leaf.ty).chain([&model.returned]);
    let is_held = |param: &syn::TypeParam| {
        let name = param.ident.to_string();
        types().any(|ty| types::mentions(ty.to_token_stream(), &name) || types::is_self(ty))
    };
    let is_elsewhere = model.item.sig.asyncness.is_some() || model.options.inside.is_some();
    let is_said_once = |param| is_elsewhere && !is_held(param);
    if check::told_apart_by_what_may_borrow(model).any(|param| !is_said_once(param)) {
        return true;
    }
    let in_trait = matches!(model.around, Some(Around::Trait(_)));
    let is_hidden = |shape: &Shape| match shape {
        Shape::Leaf(_) => false,
        Shape::Ref(inner) => match &**inner {
            Shape::Leaf(leaf) => in_trait || !lookup::is_whole(model, &leaf.ty),
            _ => true,
        },
        _ => true,
    };
    model
        .shapes
        .iter()
        .flatten()
        .any(|shape| is_hidden(shape) && shape.leaves().iter().any(|leaf| speaks_of(model, &leaf.ty)))
}

/// Where it shows that a type is not fit.
pub(super) fn place(model: &Model<'_>) -> Span {
    let asked = model.leaves().map(|(_, leaf)| &leaf.ty).chain([outcome::returned(model)]);
    let receiver = model.item.receiver().map(|receiver| receiver.self_token.span);
    let is_receiver = |ty: &syn::Type| types::mentions(quote!(#ty), "Self");
    let asked = asked.filter(|ty| speaks_of(model, ty));
    let mut places = asked.map(|ty| receiver.filter(|_| is_receiver(ty)).unwrap_or_else(|| ty.span()));
    let place = places.next().unwrap_or_else(|| model.item.sig.ident.span());
    Span::call_site().located_at(place)
}

/// A call of something beside the function that takes no argument: where it asks for something, that shows at one place.
pub(super) fn call(model: &Model<'_>, what: &str) -> TokenStream {
    let (own, turbofish) = (model.path(what), model.turbofish(&TokenStream::new()));
    let call = quote!(#own #turbofish());
    if are_any(model) { at_place(model, call) } else { call }
}

/// These tokens, at the place where it shows that a type is not fit.
pub(super) fn at_place(model: &Model<'_>, tokens: TokenStream) -> TokenStream {
    super::placed(tokens, place(model))
}

/// That call.
pub(super) fn called(model: &Model<'_>) -> TokenStream {
    if !call_is_beside(model) {
        return TokenStream::new();
    }
    let (generics, bounds) = declared(model, &TokenStream::new());
    let (name, params, sig) = (model.beside("__call"), function::declared(model), &model.item.sig);
    let (asyncness, output, content) = if model.options.lazy.is_some() {
        let lazy = function::lazy_type(model);
        (None, quote!(-> #lazy), lazily::deferred(model))
    } else {
        let output = &sig.output;
        (sig.asyncness, quote!(#output), function::run(model, "call"))
    };
    quote! {
        #[doc(hidden)]
        #[inline]
        #[allow(non_snake_case, unused_lifetimes, deprecated)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        #asyncness fn #name #generics(#(#params),*) #output #bounds {
            #content
        }
    }
}

/// Whether a value is of a type that the key owns: then it is told of that, which asks for more.
pub(super) fn is_owned_key(model: &Model<'_>, ty: &syn::Type) -> bool {
    let ty = quote!(#ty).to_string();
    model.leaves().any(|(_, leaf)| {
        let own = &leaf.ty;
        !leaf.behind && quote!(#own).to_string() == ty
    })
}

/// Whether a type is fit however long its arrays are. Of a length that is not known the compiler would say so for each thing that
/// is asked.
fn is_of_plain_keys(ty: &syn::Type) -> bool {
    match types::peel(ty) {
        syn::Type::Array(array) => is_of_plain_keys(&array.elem),
        syn::Type::Slice(slice) => is_of_plain_keys(&slice.elem),
        syn::Type::Tuple(tuple) => tuple.elems.iter().all(is_of_plain_keys),
        own => {
            let inner = ["Option", "Vec"].iter().find_map(|name| types::argument_of(own, name));
            inner.map_or_else(|| types::is_plain_key(own), is_of_plain_keys)
        }
    }
}

/// What is asked of the type of an argument.
pub(super) fn of_key(model: &Model<'_>, is_behind: bool) -> &'static str {
    match (is_behind, model.is_of_thread()) {
        (false, false) => "FitKey",
        (false, true) => "FitThreadKey",
        (true, false) if model.options.lazy.is_some() && model.is_async() => "FitHeldRefKey",
        (true, false) => "FitRefKey",
        (true, true) => "FitThreadRefKey",
    }
}

/// What is asked of the type of what is kept.
pub(super) fn of_value(model: &Model<'_>) -> &'static str {
    if model.is_of_thread() { "FitThreadValue" } else { "FitValue" }
}

fn needs(model: &Model<'_>) -> Vec<TokenStream> {
    let mut needs: Vec<TokenStream> = Vec::new();
    for (_, leaf) in model.leaves() {
        if is_of_plain_keys(&leaf.ty) || !speaks_of(model, &leaf.ty) {
            continue;
        }
        let behind = leaf.behind && !lookup::is_whole(model, &leaf.ty);
        // Asked of a slice, it would hide of what type the key is: closures in options speak of that.
        if let (true, false, syn::Type::Slice(slice)) = (behind, model.is_of_thread(), types::peel(&leaf.ty))
        {
            let (krate, elem) = (located(&model.krate, leaf.ty.span()), &slice.elem);
            let elem = types::forever(elem);
            needs.push(quote!(#elem: #krate::__private::FitKey));
            continue;
        }
        let need = Ident::new(of_key(model, behind), Span::call_site());
        let krate = located(&model.krate, leaf.ty.span());
        let ty = match types::peel(&leaf.ty) {
            // It is as fit as what is in it.
            syn::Type::Array(array) if !behind && speaks_of(model, &array.elem) => {
                if leaf.is_argument {
                    types::forever(&array.elem)
                } else {
                    model.forever(&array.elem)
                }
            }
            _ => model.leaf_forever(leaf),
        };
        needs.push(quote!(#ty: #krate::__private::#need));
    }
    let returned = outcome::returned(model);
    let is_asked =
        speaks_of(model, returned) && !is_owned_key(model, returned) && !is_of_plain_keys(returned);
    if let Some(kept) = is_asked.then(|| outcome::generic(model)).flatten() {
        let need = Ident::new(of_value(model), Span::call_site());
        let krate = located(&model.krate, outcome::returned(model).span());
        needs.push(quote!(#kept: #krate::__private::#need));
    }
    needs.extend(check::told_apart_by(model).into_iter().map(|param| quote!(#param: 'static)));
    needs
}
