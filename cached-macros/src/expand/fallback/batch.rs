//! What the verbs of a batch take and yield: one key, and what is loaded of it. Its keys are its one slice, whatever else is not skipped.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Type;

use crate::expand::ours;
use crate::model::Model;
use crate::types;

/// The parameter that is meant for the keys: its position, and their type.
pub(super) fn keys_meant<'a>(model: &'a Model<'_>) -> Option<(usize, &'a Type)> {
    let slice = |ty| match types::peel(&types::as_reference(ty)?.elem) {
        Type::Slice(slice) => Some(types::peel(&slice.elem)),
        _ => None,
    };
    let all = model.params.iter().enumerate();
    let mut slices = all.filter_map(|(index, param)| Some((index, slice(&param.ty)?)));
    let (first, second) = (slices.next(), slices.next());
    crate::batch::keys(&model.params, &model.parts).or(first.filter(|_| second.is_none()))
}

/// The argument of the verbs that look for one key.
pub(super) fn of_key(model: &Model<'_>) -> Vec<TokenStream> {
    let key = ours("key");
    vec![
        keys_meant(model)
            .map_or_else(|| quote!(#key: impl ::core::marker::Sized), |(_, ty)| quote!(#key: #ty)),
    ]
}

/// The arguments of those that load it.
pub(super) fn of_loads(model: &Model<'_>) -> Vec<TokenStream> {
    let keys = keys_meant(model);
    let param = |(index, param): (usize, &crate::key::Param)| {
        let name = &param.name;
        match keys {
            Some((slice, key)) if slice == index => quote!(#name: #key),
            Some(_) => param.to_token_stream(),
            None => quote!(#name: impl ::core::marker::Sized),
        }
    };
    model.params.iter().enumerate().map(param).collect()
}

/// What a call for one key yields.
pub(super) fn loaded(returned: &Type) -> Option<TokenStream> {
    crate::batch::loaded(returned).map(|ty| types::forever(&ty))
}
