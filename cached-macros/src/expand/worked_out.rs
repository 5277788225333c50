//! Parts of a key that are worked out. The expression is written at each verb, and of a mistake in it the compiler would tell at each. So
//! a constant has it as well, and whatever it speaks of has a type elsewhere that there is if that constant is right. If it is not,
//! nobody else knows what the expression is about, and nothing more is said.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;

use super::{entry, lookup, memo, ours};
use crate::alone::Around;
use crate::key::{Param, Part};
use crate::model::{self, Model, Place, Plain};
use crate::types;

/// A constant beside a function, for what is to be told once.
pub(super) struct Constant {
    pub(super) name: Ident,
    /// How others call it.
    pub(super) path: TokenStream,
}

impl Constant {
    /// One with this name; none where it would have parameters, or nothing can stand beside the function.
    pub(super) fn of(model: &Model<'_>, name: &str) -> Option<Self> {
        if model.is_method() {
            let block = model.own_block().filter(|block| block.generics.params.is_empty())?;
            if matches!(model.around, Some(Around::Trait(_))) || types::borrows(&block.self_ty) {
                return None;
            }
            let name = model.beside(name);
            return Some(Self { path: quote!(Self::#name), name });
        }
        let (Place::Type(holder), name) = (&model.place, Ident::new(&name.to_uppercase(), Span::call_site()))
        else {
            return None;
        };
        let is_free = !model.names.declares(holder);
        is_free.then(|| Self { path: quote!(#holder::#name), name })
    }
}

/// The constant, and what works the parts out; to be put beside the function. If there is something wrong with that, what it returns
/// has no size.
pub(super) fn constant(model: &Model<'_>) -> TokenStream {
    let (Some((constant, spoken_of)), Some(by)) = (of(model), Constant::of(model, "__worked_out_by")) else {
        return TokenStream::new();
    };
    let ((generics, bounds), parts) = (model.declared(&TokenStream::new()), lookup::worked_out(model, None));
    let receiver = model.item.receiver().filter(|_| spoken_of.iter().any(|param| param.name == "self"));
    let others = || spoken_of.iter().filter(|param| param.name != "self");
    let (names, types) = (others().map(|param| &param.name), others().map(|param| &param.ty));
    let size = if receiver.is_some() { "size_of_method" } else { "size_of_function" };
    let (krate, size) = (&model.krate, Ident::new(size, Span::call_site()));
    let receiver = receiver.map(|receiver| quote!(#receiver,));
    let (Constant { name, .. }, Constant { name: by, path }) = (constant, by);
    let ((apart, guards), in_field) = (taken_apart(model, &spoken_of), looks_at_field(model));
    quote! {
        #apart
        #in_field
        #[doc(hidden)]
        #[allow(unused, deprecated, nonstandard_style)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        fn #by #generics(#receiver (#(#names,)*): (#(#types,)*)) -> impl ::core::marker::Sized #bounds {
            #guards
            #parts
        }
        #[doc(hidden)]
        #[allow(unused, deprecated, nonstandard_style)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        const #name: ::core::primitive::usize = #krate::__private::#size(#path);
    }
}

/// The patterns of what is spoken of, once more as a function has them, and statements after which their arguments are of types that
/// there are if these are right: of a mistake in one nobody else speaks.
pub(super) fn taken_apart(model: &Model<'_>, spoken_of: &[&Param]) -> (TokenStream, TokenStream) {
    if model::is_generic(&model.item.sig.generics) {
        return <_>::default();
    }
    let (krate, (generics, bounds)) = (&model.krate, model.declared(&TokenStream::new()));
    let (mut apart, mut guards) = (TokenStream::new(), TokenStream::new());
    let asyncness = model.item.sig.asyncness;
    let sized = asyncness.is_none().then(|| quote!(-> impl ::core::marker::Sized));
    for (index, param) in spoken_of.iter().enumerate() {
        let (Some(pattern), Param { name, ty, .. }) = (&param.pattern, param) else { continue };
        let of = |name: &str| Constant::of(model, &format!("{name}_{index}"));
        let (Some(by), Some(guard)) = (of("__taken_apart_by"), of("__taken_apart")) else { continue };
        let (Constant { name: by, path }, Constant { name: size, path: guard }) = (by, guard);
        let (pat, nameless) = (&pattern.written, types::nameless(ty));
        apart.extend(quote! {
            #[doc(hidden)]
            #[allow(unused, deprecated, nonstandard_style)]
            #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
            #asyncness fn #by #generics(#pat: #ty) #sized #bounds {}
            #[doc(hidden)]
            #[allow(unused, deprecated, nonstandard_style)]
            #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
            const #size: ::core::primitive::usize = #krate::__private::size_of_function(#path);
        });
        guards.extend(quote!(let #name: <[(); #guard] as #krate::__private::Known<#nameless>>::Own = #name;));
    }
    (apart, guards)
}

/// The constant that is wrong where the field that `in` names is no memo of such keys.
fn kept_in(model: &Model<'_>) -> Option<Constant> {
    let is_lent = |receiver: &syn::Receiver| {
        types::as_reference(&receiver.ty).is_some_and(|own| own.mutability.is_none())
    };
    let is_one = model.options.inside.is_some() && !model.key_is_named() && of(model).is_some();
    let is_seen = is_one && model.item.receiver().is_some_and(is_lent);
    is_seen.then(|| Constant::of(model, "__kept_in")).flatten()
}

/// It, and what looks at the field.
fn looks_at_field(model: &Model<'_>) -> TokenStream {
    let (Some(Constant { name, .. }), Some(by), Some((_, field))) =
        (kept_in(model), Constant::of(model, "__kept_in_by"), &model.options.inside)
    else {
        return TokenStream::new();
    };
    let (krate, (generics, bounds)) = (&model.krate, model.declared(&TokenStream::new()));
    let (looked_up, face) = (lookup::looked_up(model).0, memo::bound(model, &memo::lent(field)));
    let others = || model.params.iter().filter(|param| param.name != "self");
    let (names, types) = (others().map(|param| &param.name), others().map(|param| &param.ty));
    let (Constant { name: by, path }, receiver) = (by, model.item.receiver());
    quote! {
        #[doc(hidden)]
        #[allow(unused, deprecated, nonstandard_style)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        fn #by #generics(#receiver, (#(#names,)*): (#(#types,)*)) -> impl ::core::marker::Sized #bounds {
            #looked_up
            #face;
        }
        #[doc(hidden)]
        #[allow(unused, deprecated, nonstandard_style)]
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        const #name: ::core::primitive::usize = #krate::__private::size_of_method(#path);
    }
}

/// The field as verbs speak of it: of what has a type if the field is a memo of such keys.
pub(super) fn field(model: &Model<'_>, field: &TokenStream) -> TokenStream {
    let Some(Constant { path, .. }) = kept_in(model) else { return field.clone() };
    let (krate, own) = (&model.krate, ours("own"));
    let field = types::each_ident(field.clone(), &|name| (name == "self").then(|| own.clone()));
    quote!({
        let #own: <[(); #path] as #krate::__private::Known<&Self>>::Own = self;
        #field
    })
}

/// Statements after which what the expressions speak of is of a type that there is if they are right.
pub(super) fn known(model: &Model<'_>) -> TokenStream {
    let Some((Constant { path, .. }, spoken_of)) = of(model) else { return TokenStream::new() };
    let krate = &model.krate;
    let names = spoken_of.iter().map(|Param { name, .. }| name);
    // With whatever lifetimes they have here: a key that is loaded ahead is lent for that long.
    let types = spoken_of.iter().map(|Param { ty, .. }| types::nameless(ty));
    let (known, spoken) = (ours("known"), spoken_of.iter().map(|Param { inner, .. }| inner));
    // One by one, as the names in a pattern would be of the types that it is given.
    let places = (0..spoken_of.len()).map(syn::Index::from);
    quote! {
        #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
        let #known: <[(); #path] as #krate::__private::Known<(#(#types,)*)>>::Own = (#(#names,)*);
        #(
            #[cfg_attr(clippy, allow(clippy::all, clippy::pedantic, clippy::restriction))]
            let #spoken = #known.#places;
        )*
    }
}

/// The constant's name, and the parameters that are spoken of; none where there is no such constant.
fn of<'a>(model: &'a Model<'_>) -> Option<(Constant, Vec<&'a Param>)> {
    let is_generic = model::is_generic(&model.item.sig.generics) || model.place == Place::Nowhere;
    if is_generic || model.plain == Some(Plain::Keyed) || !lookup::has_expression(model) || entry::runs(model)
    {
        return None;
    }
    let expressions: TokenStream = model
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::Expr(expr) => Some(expr.tokens()),
            Part::Param(_) => None,
        })
        .collect();
    let is_spoken_of = |param: &&Param| {
        let name = param.name.unraw();
        types::any_name(expressions.clone(), &mut |ident| ident.unraw() == name)
    };
    let spoken_of: Vec<_> = model.params.iter().filter(is_spoken_of).collect();
    let is_odd = |param: &&Param| {
        if param.name != "self" {
            return types::mentions(param.ty.to_token_stream(), "impl");
        }
        // What is taken by value or to be changed cannot have two names, and in a text it has but one.
        let is_shared = types::as_reference(&param.ty).is_some_and(|own| own.mutability.is_none());
        !is_shared || is_in_a_text(&expressions)
    };
    if spoken_of.is_empty() || spoken_of.iter().any(is_odd) {
        return None;
    }
    Some((Constant::of(model, "__worked_out")?, spoken_of))
}

/// What is other in an expression where [`known`] stands before it.
pub(super) struct Known {
    /// What `self` is called, if not so.
    pub(super) own_name: Option<Ident>,
    path: TokenStream,
}

impl Known {
    pub(super) fn of(model: &Model<'_>) -> Option<Self> {
        let (constant, spoken_of) = of(model)?;
        let own = spoken_of.into_iter().find(|param| param.name == "self");
        Some(Self { own_name: own.map(|own| own.inner.clone()), path: constant.path })
    }

    /// What it comes to: as little known, if there is something wrong with it.
    pub(super) fn value(&self, model: &Model<'_>, spoken: &TokenStream) -> TokenStream {
        let (krate, path) = (&model.krate, &self.path);
        quote!(#krate::__private::known::<[(); #path], _>(#spoken))
    }
}

/// Whether a text speaks of `self`, as `"{self}"` does.
fn is_in_a_text(expressions: &TokenStream) -> bool {
    let (mut all, mut words) = (0, 0);
    types::any_name(expressions.clone(), &mut |name| {
        all += usize::from(name == "self");
        false
    });
    types::any_ident(expressions.clone(), &mut |name| {
        words += usize::from(name == "self");
        false
    });
    all > words
}
