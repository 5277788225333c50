//! From parameters to what a call looks up by: their values, and the shape that says how.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Expr;
use syn::spanned::Spanned;

use super::{judged, needs, once, ours, worked_out};
use crate::advice;
use crate::key::{self, Param, Part, Worked, part_name};
use crate::model::{Model, Place, Plain};
use crate::shape::{Leaf, Shape};
use crate::types;

/// A constant for each leaf that says how it is compared, found by its type; none for those that need no asking.
pub(super) fn modes(model: &Model<'_>) -> TokenStream {
    let modes = model.leaves().filter_map(|(index, leaf)| {
        model.holder_for(&leaf.ty)?;
        let name = format_ident!("__KEY_{index}");
        let mode = advice::in_sight(asked(model, leaf)?, &leaf.ty, &model.item.sig.generics);
        Some(quote!(const #name: ::core::primitive::u8 = #mode;))
    });
    modes.collect()
}

/// The question how a leaf is compared, where that is not known, and can be asked: not of what is generic.
fn asked(model: &Model<'_>, leaf: &Leaf) -> Option<TokenStream> {
    if model.is_plain_leaf(leaf) || model.names.are_in(&leaf.ty) {
        return None;
    }
    let (krate, ty) = (&model.krate, model.leaf_forever(leaf));
    Some(if leaf.behind { quote!(#krate::__ref_key_mode!(#ty)) } else { quote!(#krate::__key_mode!(#ty)) })
}

/// Whether it is asked whether a leaf is fit for a key.
pub(super) fn is_asked(model: &Model<'_>, leaf: &Leaf) -> bool {
    asked(model, leaf).is_some()
}

/// Whether those of which that is asked are fit for it, as a word for each.
pub(super) fn fits(model: &Model<'_>) -> Vec<TokenStream> {
    let krate = &model.krate;
    let modes = model.leaves().filter_map(|(index, leaf)| mode(model, index, leaf));
    modes.map(|mode| quote!(#krate::__private::key_mode::is_fit(#mode))).collect()
}

/// How a leaf is compared, as an argument of a type.
fn mode(model: &Model<'_>, index: usize, leaf: &Leaf) -> Option<TokenStream> {
    let asked = asked(model, leaf)?;
    Some(match model.holder_for(&leaf.ty) {
        Some(name) => {
            let constant = format_ident!("__KEY_{index}");
            quote!({ #name::#constant })
        }
        None => quote!({ #asked }),
    })
}

/// Writes a shape whose first leaf has this number.
fn written(model: &Model<'_>, shape: &Shape, first: usize) -> TokenStream {
    let (krate, mut index) = (&model.krate, first);
    shape.write(krate, &mut |leaf| {
        let mode = mode(model, index, leaf);
        index += 1;
        match mode {
            Some(mode) => quote!(#krate::__private::Mode<#mode>),
            None if model.is_plain_leaf(leaf) => quote!(#krate::__private::ByEq),
            None => unasked(model),
        }
    })
}

/// The shape of what only the compiler knows: where threads have their own caches, it need not be fit to be shared.
fn unasked(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    if model.is_of_thread() { quote!(#krate::__private::ThreadOwn) } else { quote!(#krate::__private::ByEq) }
}

/// The shapes of all parts, written.
pub(super) fn shapes(model: &Model<'_>) -> Vec<TokenStream> {
    let mut first = 0;
    let mut shapes = Vec::new();
    for shape in &model.shapes {
        shapes.push(match shape {
            Some(shape) => written(model, shape, first),
            None => unasked(model),
        });
        first += shape.as_ref().map_or(0, |shape| shape.leaves().len());
    }
    shapes
}

/// The shape of the key.
pub(super) fn shape(model: &Model<'_>) -> TokenStream {
    one_or_tuple(shapes(model))
}

/// Calls that make the compiler say in our words what cannot be a key.
pub(super) fn assertions(model: &Model<'_>) -> TokenStream {
    let assertions = model.leaves().filter_map(|(index, leaf)| {
        let is_known = model.is_plain_leaf(leaf) || needs::speaks_of(model, &leaf.ty);
        if is_known || once::is_asked_of_another(model, index, leaf) {
            return None;
        }
        let (ty, span) = (model.leaf_forever(leaf), leaf.ty.span());
        let krate = super::located(&model.krate, span);
        let (asked, told, probe) = if leaf.behind {
            ("assert_ref_key", "assert_generic_ref_key", quote::quote_spanned!(span=> __ref_key))
        } else {
            ("assert_key", "assert_generic_key", quote::quote_spanned!(span=> __key))
        };
        Some(match mode(model, index, leaf) {
            Some(mode) => {
                let assert = model.fit(asked);
                quote::quote_spanned!(span=> #krate::__private::#assert::<#mode, #ty>();)
            }
            None if model.is_of_thread() => {
                let assert = model.fit(told);
                quote::quote_spanned!(span=> #krate::__private::#assert::<#ty>();)
            }
            None => {
                let assert = model.fit(told);
                quote::quote_spanned! {span=>
                    #krate::__private::#assert::<#ty>(#krate::__private::Probe::<#ty>::NEW.#probe());
                }
            }
        })
    });
    assertions.collect()
}

/// The key's type, where it can be written down.
pub(super) fn key_type(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let types = model.shapes.iter().zip(shapes(model)).enumerate().map(|(index, (shape, written))| {
        let ty = model.forever(part_type(model, index)?);
        Some(match shape {
            Some(Shape::Leaf(leaf)) if model.is_plain_leaf(leaf) => ty,
            Some(Shape::Leaf(leaf)) if model.names.are_in(&leaf.ty) && !model.is_of_thread() => ty,
            Some(Shape::Ref(inner)) => match &**inner {
                Shape::Leaf(leaf) if types::is_str(&leaf.ty) => quote!(::std::string::String),
                // What is not fit is told by an assertion, not by a type.
                Shape::Leaf(leaf) if model.is_plain_leaf(leaf) || is_whole(model, &leaf.ty) => {
                    let ty = &leaf.ty;
                    quote!(#ty)
                }
                Shape::Leaf(leaf) if elem(model, &leaf.ty).is_some() => {
                    let elem = elem(model, &leaf.ty);
                    quote!(::std::vec::Vec<#elem>)
                }
                _ => quote!(<#ty as #krate::__private::ValKey<#written>>::Key),
            },
            _ => quote!(<#ty as #krate::__private::ValKey<#written>>::Key),
        })
    });
    one_or_tuple(types.map(|ty: Option<TokenStream>| ty.unwrap_or_else(|| quote!(_))).collect())
}

fn part_type<'a>(model: &'a Model<'_>, index: usize) -> Option<&'a syn::Type> {
    match &model.parts[index] {
        Part::Param(index) => Some(&model.params[*index].ty),
        Part::Expr(part) => part.ty.as_ref(),
    }
}

/// What is looked up by, made from the parameters, which are moved into it. Before it stands what [`worked_out::known`] says.
pub(super) fn args(model: &Model<'_>) -> TokenStream {
    let (first, parts) = made(model);
    // Expressions come first: the look-up takes the parameters that they may read.
    if first.is_empty() { parts } else { quote!({ #first #parts }) }
}

/// The same in two: statements, and what they make.
pub(super) fn made(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let parts = model.parts.iter().enumerate().map(|(index, part)| match part {
        Part::Param(param) => {
            let Param { name, ty, .. } = &model.params[*param];
            // By value, a method needs itself for its body.
            let keeps_self = model.place == Place::Nowhere && name == "self";
            let by_value = keeps_self && types::as_reference(ty).is_none();
            if by_value { quote!(::core::clone::Clone::clone(&#name)) } else { quote!(#name) }
        }
        Part::Expr(_) => part_name(index).to_token_stream(),
    });
    let known = worked_out::Known::of(model);
    (worked_out(model, known.as_ref()), one_or_tuple(parts.collect()))
}

/// Whether a part of the key is worked out.
pub(super) fn has_expression(model: &Model<'_>) -> bool {
    model.parts.iter().any(|part| matches!(part, Part::Expr(_)))
}

/// Statements that work parts of the key out, of what may be known.
pub(super) fn worked_out(model: &Model<'_>, known: Option<&worked_out::Known>) -> TokenStream {
    let renamed = |name: &Ident| {
        let own = known?.own_name.as_ref().filter(|_| name == "self")?;
        Some(Ident::new(&own.to_string(), own.span().located_at(name.span())))
    };
    let parts = model.parts.iter().enumerate().filter_map(|(index, part)| {
        let Part::Expr(part) = part else { return None };
        let (name, Worked { expr, bound, ty, .. }) = (part_name(index), &**part);
        let spoken = expr.to_token_stream();
        let spoken = if known.is_some() { types::each_ident(spoken, &renamed) } else { spoken };
        if let Some(ty) = ty {
            // A cast to the type that the expression has already says what type that is.
            return Some(quote! {
                #bound
                #[allow(trivial_numeric_casts)]
                #[cfg_attr(clippy, allow(clippy::unnecessary_cast, clippy::cast_lossless))]
                let #name: #ty = #spoken;
            });
        }
        let (span, krate) = (expr.span(), super::located(&model.krate, expr.span()));
        // It is what the compiler points at.
        let fit = if model.is_of_thread() { "own" } else { "shared" };
        let fit = Ident::new(fit, span);
        if model.plain == Some(Plain::Keyed) {
            // The traits of these methods are there for all parts.
            let known = is_called(&part.written).then(|| quote::quote_spanned!(span=> .__known()));
            return Some(
                quote::quote_spanned!(span=> #bound let #name = #krate::__private::part(#spoken #known).#fit();),
            );
        }
        let called = is_called(&part.written).then(|| Ident::new("called", span));
        let spoken = known.map(|known| known.value(model, &spoken)).unwrap_or(spoken);
        Some(quote::quote_spanned!(span=> #bound let #name = #krate::__own_part!(#called #fit, #spoken);))
    });
    parts.collect()
}

/// Whether the type of an expression is what something called makes of it.
fn is_called(expr: &Expr) -> bool {
    matches!(key::peel(expr), Expr::Call(_) | Expr::MethodCall(_) | Expr::Macro(_))
}

/// Whether a parameter is part of the key as it is.
pub(super) fn is_in_key(model: &Model<'_>, param: &Param) -> bool {
    model.params.iter().position(|other| other.name == param.name).is_some_and(|index| is_part(model, index))
}

fn is_part(model: &Model<'_>, index: usize) -> bool {
    model.parts.iter().any(|part| matches!(part, Part::Param(own) if *own == index))
}

/// Parameters that the key leaves out: a verb has them because the function has.
fn left_out(model: &Model<'_>) -> TokenStream {
    let names: Vec<_> = (model.params.iter().enumerate())
        .filter(|(index, _)| !is_part(model, *index))
        .map(|(_, param)| &param.name)
        .collect();
    if names.is_empty() { TokenStream::new() } else { quote!(let _ = (#(&#names,)*);) }
}

/// What a verb says first, and what it looks up by.
pub(super) fn looked_up(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let (named, known) = (judged::named(model), worked_out::known(model));
    let (left_out, made) = (left_out(model), args(model));
    if model.key_is_named() {
        return (quote!(#named #known #left_out), made);
    }
    let lookup = ours("lookup");
    (quote!(#named #known #left_out let #lookup = #made;), quote!(#lookup))
}

/// The way back from what was looked up by to the parameters, for the body: a pattern, and the arguments.
pub(super) fn unpack(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let patterns = model.parts.iter().map(|part| match part {
        Part::Param(index) if model.place == Place::Nowhere && model.params[*index].name == "self" => {
            quote!(_)
        }
        Part::Param(index) => {
            let name = &model.params[*index].inner;
            quote!(#name)
        }
        Part::Expr(_) => quote!(_),
    });
    let args = unpacked(model);
    (one_or_tuple(patterns.collect()), quote!(#(#args),*))
}

/// The parameters, once what was looked up by has been taken apart again.
pub(super) fn unpacked(model: &Model<'_>) -> Vec<TokenStream> {
    let params = model.params.iter().enumerate();
    params
        .map(|(index, param)| if is_part(model, index) { &param.inner } else { &param.name })
        .map(|name| quote!(#name))
        .collect()
}

pub(super) fn one_or_tuple(mut parts: Vec<TokenStream>) -> TokenStream {
    if parts.len() == 1 { parts.remove(0) } else { quote!((#(#parts),*)) }
}

/// The type of the elements of a generic slice, of a method with nothing beside it.
fn elem<'a>(model: &'a Model<'_>, ty: &'a syn::Type) -> Option<&'a syn::Type> {
    let own = model.block.filter(|_| types::is_self(ty)).map(|block| &block.self_ty);
    let syn::Type::Slice(slice) = types::peel(own.unwrap_or(ty)) else { return None };
    let is_asked = model.place == Place::Nowhere && !model.is_of_thread() && model.names.are_in(&slice.elem);
    is_asked.then_some(&slice.elem)
}

/// Whether a type is a parameter with a size, and no owned form but itself, of a method with nothing beside it.
fn is_sized_parameter(model: &Model<'_>, ty: &syn::Type) -> bool {
    let syn::Type::Path(path) = types::peel(ty) else { return false };
    let says_more = |param: &syn::TypeParam, generics: &syn::Generics| {
        let (bounds, clause) = (&param.bounds, &generics.where_clause);
        let all = quote!(#bounds #clause);
        types::mentions(all.clone(), "Sized") || types::mentions(all, "ToOwned")
    };
    let of_block = model.block.map(|block| &block.generics);
    model.place == Place::Nowhere
        && [&model.item.sig.generics].into_iter().chain(of_block).any(|generics| {
            generics
                .type_params()
                .any(|param| path.path.is_ident(&param.ident) && !says_more(param, generics))
        })
}

/// Whether a type is a generic `Self` that can only be compared as it is, and has a size.
pub(super) fn is_whole(model: &Model<'_>, ty: &syn::Type) -> bool {
    let is_path = |ty: &syn::Type| matches!(types::peel(ty), syn::Type::Path(_));
    (types::is_self(ty) || is_sized_parameter(model, ty))
        && !model.is_of_thread()
        && model.names.are_in(ty)
        && model.block.is_none_or(|block| is_path(&block.self_ty))
}
