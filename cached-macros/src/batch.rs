//! What `batch` asks of a function: one slice of keys, and beside it nothing but what is skipped.

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{Expr, FnArg, GenericParam, Path, Type, parse_quote_spanned};

use crate::age::Ttl;
use crate::alone::Around;
use crate::diag::Diag;
use crate::item::Item;
use crate::key::{Param, Part};
use crate::model::Model;
use crate::sources::{module, outside};
use crate::{told, types};

/// The options of a batch.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) marker: Option<Ident>,
    pub(crate) max: Option<(Ident, Expr)>,
    pub(crate) window: Option<(Ident, Ttl)>,
    /// Whether only those say that it is to be one.
    pub(crate) is_implied: bool,
}

impl Batch {
    /// Who says how large a batch is means one, also without saying so.
    pub(crate) fn imply(&mut self) {
        let option = self.max.as_ref().map(|max| &max.0).or(self.window.as_ref().map(|window| &window.0));
        if let (None, Some(option)) = (&self.marker, option) {
            self.marker = Some(Ident::new("batch", option.span()));
            self.is_implied = true;
        }
    }
}

/// The parameter that takes the keys: its position, and their type.
pub(crate) fn keys<'a>(params: &'a [Param], parts: &[Part]) -> Option<(usize, &'a Type)> {
    let [Part::Param(index)] = parts else { return None };
    let reference = types::as_reference(&params[*index].ty)?;
    match types::peel(&reference.elem) {
        Type::Slice(slice) => Some((*index, types::peel(&slice.elem))),
        _ => None,
    }
}

/// All that is wrong with the options of a batch, or with the function for one.
pub(crate) fn check(model: &Model<'_>, diag: &mut Diag) {
    let Model { item, options, params, parts, .. } = model;
    let Batch { marker, max, window, is_implied } = &options.batch;
    if options.is_guessed("batch") {
        return;
    }
    let Some(batch) = marker else { return };
    if *is_implied {
        if options.may_be_given("batch") {
            return;
        }
        for option in
            [max.as_ref().map(|max| &max.0), window.as_ref().map(|window| &window.0)].into_iter().flatten()
        {
            diag.at(option, format!("`{option}` is for batches: add `batch`"));
        }
        return;
    }
    for other in [options.lazy.as_ref(), options.key.as_ref().map(|key| &key.0)].into_iter().flatten() {
        diag.at(
            other,
            format!("`{other}` and `batch` cannot be together: the keys of a batch are looked up one by one"),
        );
    }
    if let Some((other, _)) = &options.single_flight {
        diag.at(other, format!("`{other}` and `batch` cannot be together: callers of one key share its run"));
    }
    if let Some(receiver) = item.sig.inputs.iter().find(|input| matches!(input, FnArg::Receiver(_))) {
        diag.at(
            receiver,
            "a method cannot be a batch: take what it needs as a skipped parameter of a free function",
        );
        return;
    }
    if model.block.is_some() || matches!(model.around, Some(Around::Block(_))) {
        let message = "a function of a block cannot be a batch: beside it goes a type, which no block can hold; make it a free function";
        diag.at(&item.sig.ident, message);
        return;
    }
    let is_type = |param: &&GenericParam| !matches!(param, GenericParam::Lifetime(_));
    if let Some(param) = item.sig.generics.params.iter().find(is_type) {
        diag.at(param, "a generic function cannot be a batch: one cache holds keys of one type");
        return;
    }
    if let Some(param) = params.iter().find(|param| {
        options.skip.iter().any(|(_, names)| names.iter().any(|name| param.is_called(name)))
            && is_surely_owned(&param.ty, item)
    }) {
        diag.at(
            &param.ty,
            "a skipped argument is lent to each run of a batch, and single loads share a run if theirs are the same object: take it as \
             `&T` or `Arc<T>`",
        );
    }
    // Where a name to be skipped is that of no parameter, nobody knows what counts.
    let skipped = options.skip.iter().flat_map(|(_, names)| names);
    let is_none = |name: &Ident| !params.iter().any(|param| param.is_called(name));
    if options.key.is_none() && !options.is_unsure_of_the_key() && !skipped.into_iter().any(is_none) {
        slice(batch, item, params, parts, diag);
    }
}

/// What a call for one key of a batch yields.
pub(crate) fn loaded(returned: &Type) -> Option<Type> {
    const LISTS: &[&str] = &["BTreeSet", "HashSet", "Vec", "VecDeque"];
    const AROUND: &[&str] = &["Arc", "Box", "Option", "Rc"];
    if let Some(ty) = types::argument_of(returned, "Result") {
        let (loaded, error) = (loaded(ty)?, types::result_error(returned)?);
        let at = Span::call_site().located_at(ty.span());
        return Some(parse_quote_spanned!(at=> ::core::result::Result<#loaded, #error>));
    }
    if let Some(ty) = LISTS.iter().find_map(|name| types::argument_of(returned, name)) {
        return Some(ty.clone());
    }
    if types::is_plain_value(returned) {
        return Some(returned.clone());
    }
    if let Some(inner) = AROUND.iter().find_map(|name| types::argument_of(returned, name)) {
        return loaded(inner);
    }
    let path = match types::peel(returned) {
        Type::Path(path) => path,
        Type::ImplTrait(own) => return own.bounds.iter().find_map(types::item_of).cloned(),
        _ => return None,
    };
    let of_map = ["HashMap", "BTreeMap"].iter().any(|name| types::argument_of(returned, name).is_some());
    let value = types::arguments(&path.path).into_iter().nth(1).filter(|_| of_map)?;
    let at = Span::call_site().located_at(value.span());
    Some(parse_quote_spanned!(at=> ::core::option::Option<#value>))
}

/// What is kept of it.
pub(crate) fn kept(returned: &Type) -> Option<Type> {
    let loaded = loaded(returned)?;
    Some(types::argument_of(&loaded, "Result").cloned().unwrap_or(loaded))
}

/// Whether what such a function returns surely answers no batch of these keys.
pub(crate) fn is_no_answer(returned: &Type, key: &Type, item: &Item) -> bool {
    const OTHERS: &[&str] = &["Arc", "Box", "HashSet", "BTreeSet", "Option", "Rc", "VecDeque"];
    let returned = types::argument_of(returned, "Result").unwrap_or(returned);
    let is_of_std = || match types::peel(returned) {
        Type::Path(path) => outside::full_name(&path.path, item.sig.fn_token.span).is_some(),
        _ => false,
    };
    let other_keys = ["BTreeMap", "HashMap"].into_iter().find_map(|name| {
        let own = types::argument_of(returned, name)?;
        let is_other = is_surely_owned(own, item) && is_surely_owned(key, item);
        Some(is_other && types::text(own) != types::text(key))
    });
    let is_one_value = types::argument_of(returned, "Vec").is_none() && types::is_plain_value(returned);
    if is_one_value && types::argument_of(returned, "Option").is_none() {
        return true;
    }
    let is_other = |name: &&str| types::argument_of(returned, name).is_some();
    other_keys.unwrap_or_else(|| OTHERS.iter().any(is_other)) && is_of_std()
}

/// Whether a type is surely none that is shared.
fn is_surely_owned(ty: &Type, item: &Item) -> bool {
    let is_declared = |path: &Path| module::declared(path, item.sig.fn_token.span).is_some();
    types::is_plain_value(ty)
        || matches!(types::peel(ty), Type::Path(path) if path.qself.is_none() && is_declared(&path.path))
}

/// What is wrong with the parameter that takes the keys.
fn slice(batch: &Ident, item: &Item, params: &[Param], parts: &[Part], diag: &mut Diag) {
    match (keys(params, parts), parts) {
        (Some(_), _) if told::is_told_of_hidden(item) => {}
        (Some((_, ty)), _) if module::holds_a_lifetime_too_many(ty, item.sig.fn_token.span) => {}
        (Some((_, ty)), _)
            if types::borrows(ty) || module::hidden_borrow(ty, item.sig.fn_token.span).is_some() =>
        diag.at(
            ty,
            "the keys of a batch are kept, and cannot borrow: take a slice of owned keys, `&[String]` for `&[&str]`",
        ),
        (Some((index, _)), _) => {
            let lifetime = types::as_reference(&params[index].ty).and_then(|own| own.lifetime.as_ref());
            if let Some(lifetime) = lifetime.filter(|lifetime| lifetime.ident == "static") {
                diag.at(lifetime, "a run takes the keys that are missing, which no static holds: take a slice of any lifetime, `&[K]`");
            }
        }
        // What has been refused already.
        (None, [Part::Param(index)])
            if matches!(types::peel(&params[*index].ty), Type::ImplTrait(_))
                || matches!(types::peel(&params[*index].ty), Type::Reference(own) if own.mutability.is_some()) => {}
        (None, [Part::Param(index)]) => diag.at(
            &params[*index].ty,
            "a batch takes its keys as a slice: `keys: &[K]`",
        ),
        (None, []) => diag.at(
            &item.sig.ident,
            format!("`{batch}` needs the keys to load: one parameter `keys: &[K]`"),
        ),
        (None, parts) => {
            let is_slice = |ty| types::as_reference(ty).is_some_and(|ty| matches!(types::peel(&ty.elem), Type::Slice(_)));
            let name = parts.iter().find_map(|part| match part {
                Part::Param(index) if !is_slice(&params[*index].ty) => Some(&params[*index].name),
                _ => None,
            });
            diag.at(
                &item.sig.ident,
                format!(
                    "a batch has one parameter that counts, `keys: &[K]`: put what else counts into the keys, \
                     or leave it out with `skip({})`",
                    name.map_or_else(|| "..".to_owned(), ToString::to_string)
                ),
            );
        }
    }
}
