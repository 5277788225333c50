//! Types of the crate that are surely fit for no cache. An assertion says so, and nobody what stands beside the function. For errors alone.

use std::borrow::Cow;
use std::collections::BTreeSet;

use proc_macro2::{Span, TokenTree};
use quote::{ToTokens, quote};
use syn::Type;
use syn::spanned::Spanned;

use super::{derives, elsewhere, lacking};
use crate::generics::Names;
use crate::model::{Model, Seen};
use crate::shape::Leaf;
use crate::sources::declared::Declared;
use crate::sources::{module, outside};
use crate::{batch, fit, types, unsized_types};

/// Whether this is a type of the crate with a field `name: str`, of which the compiler says a lot where it is declared.
fn holds_what_has_no_size(ty: &Type, model: &Model<'_>) -> bool {
    let function = model.item.sig.fn_token.span;
    let Type::Path(own) = types::peel(ty) else { return false };
    let has_no_size = |ty: &Type| unsized_types::has_no_size(ty, function);
    own.qself.is_none()
        && module::declared(&own.path, function).is_some_and(|own| own.sized_fields().iter().any(has_no_size))
}

/// Whether a type holds an `Rc`, which no two threads share.
fn is_of_thread(model: &Model<'_>, ty: &Type) -> bool {
    let function = model.item.sig.fn_token.span;
    let is_rc = |ty: &Type| match types::peel(ty) {
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| last.ident == "Rc")
                && outside::full_name(&path.path, function).as_deref() == Some("rc::Rc")
        }
        _ => false,
    };
    types::any_part(ty, &is_rc)
}

/// What a part of a key has to have; threads have caches of their own if need be.
fn of_key(model: &Model<'_>) -> &'static [&'static str] {
    if model.is_of_thread() { &["Hash", "Eq", "Clone"] } else { &["Hash", "Eq", "Clone", "Send", "Sync"] }
}

/// What has to have what is kept.
fn of_value(model: &Model<'_>) -> &'static [&'static str] {
    if model.is_of_thread() { &["Clone"] } else { &["Clone", "Send", "Sync"] }
}

/// The parameters that types in a head may speak of. What is around is seen, so that a type with a name of one letter is taken for none of them.
fn params<'a>(model: &'a Model<'_>) -> Cow<'a, Names> {
    let is_seen = model.own_block().is_some() || !model.is_method();
    if is_seen { Cow::Owned(Names::of(model.all_generics())) } else { Cow::Borrowed(&model.names) }
}

/// Whether other functions have told of all the types that are at fault where one misses some of these, or types that hold them and derive
/// what these lack. If not, it is the function of this model that tells.
pub(crate) fn is_known_to_lack(ty: &Type, asked: &[&str], model: &Model<'_>) -> bool {
    let (function, params) = (model.item.sig.fn_token.span, params(model));
    let ty = kept_of(ty, function);
    let lacking = lacking::own_without(ty, asked, &params, model);
    let shows_where_held = |own: &Declared| {
        let mut lacked = asked.iter().filter(|name| lacking::is_declared_without(own, name, function));
        lacked.any(|name| own.is_held_by_one_that_derives(name))
    };
    let (elsewhere, left): (Vec<_>, Vec<_>) = lacking.partition(shows_where_held);
    let left: Vec<_> = left.iter().map(Declared::place).cloned().collect();
    if left.is_empty() { !elsewhere.is_empty() } else { elsewhere::are_told(&left, model) }
}

/// Of a `Result`, also by a name under which it is imported, what is kept.
fn kept_of(ty: &Type, function: Span) -> &Type {
    let of_another_name = || match types::peel(ty) {
        Type::Path(own) if own.qself.is_none() => {
            let is_it = outside::full_name(&own.path, function).as_deref() == Some("result::Result");
            is_it.then(|| types::arguments(&own.path).into_iter().next()).flatten()
        }
        _ => None,
    };
    types::argument_of(ty, "Result").or_else(of_another_name).unwrap_or(ty)
}

/// A type that cannot be part of a key, or be kept.
pub(crate) enum Unfit {
    /// With whether it lies behind a reference.
    Key(Type, bool),
    Value(Type),
    /// Such a one with parameters of the function or its block, whatever these are.
    Open(Box<Unfit>),
    /// What answers no batch of these keys.
    Answer(Box<(Type, Type)>),
    /// What the compiler has been told of where the type is declared.
    Told,
}

/// A function whose types are looked at, and what is a parameter in them.
struct Look<'a> {
    model: &'a Model<'a>,
    params: Cow<'a, Names>,
}

impl Look<'_> {
    /// Whether a type surely lacks one of these traits.
    fn lacks(&self, ty: &Type, names: &[&str]) -> bool {
        let Self { model, params } = self;
        lacking::own_without(ty, names, params, model).next().is_some()
            || (names.contains(&"Hash") && lacking::is_of_what_is_no_key(ty, model))
            || lacking::derives_of_what_lacks(ty, names, model)
            || (names.first() == Some(&"Clone") && !params.are_in(ty) && lacking::lacks(ty, "Clone", model))
    }

    fn is_no_key(&self, ty: &Type) -> bool {
        self.lacks(ty, of_key(self.model))
    }

    /// Whether a part of the key is not fit for that. What is borrowed may have another type for its owned form.
    fn is_unfit(&self, leaf: &Leaf) -> bool {
        if !leaf.behind {
            return self.is_no_key(&leaf.ty);
        }
        let bound: &[&str] = if self.model.is_of_thread() { &[] } else { &["Send", "Sync"] };
        self.lacks(&leaf.ty, &["Hash", "Eq"])
            || self.lacks(&leaf.ty, bound)
            || (self.lacks(&leaf.ty, &["Clone"]) && self.lacks(&leaf.ty, &["ToOwned"]))
    }

    /// What is not fit of a batch.
    fn at_the_batch(&self) -> Option<Unfit> {
        let model = self.model;
        let key = batch::keys(&model.params, &model.parts).map(|(_, key)| key);
        let key = key.filter(|key| self.is_no_key(key)).map(|key| Unfit::Key(key.clone(), false));
        key.or_else(|| Unfit::no_answer(model)).or_else(|| {
            let kept = batch::kept(&model.returned).filter(|kept| self.lacks(kept, of_value(model)));
            kept.map(Unfit::Value)
        })
    }

    /// What is not fit of parts of the key, and of what is kept. What one type misses is said once, in whatever it is wrapped.
    fn at_each(&self) -> Vec<Unfit> {
        let model = self.model;
        let (mut found, mut told) = (Vec::new(), BTreeSet::new());
        for leaf in model.leaves().map(|(_, leaf)| leaf).filter(|leaf| self.is_unfit(leaf)) {
            let parts = fit::parts(model, &leaf.ty);
            if !parts.is_subset(&told) {
                found.push(Unfit::Key(leaf.ty.clone(), leaf.behind));
            }
            told.extend(parts);
        }
        let returned = kept_of(&model.returned, model.item.sig.fn_token.span);
        if self.lacks(returned, of_value(model)) && !fit::parts(model, returned).is_subset(&told) {
            found.push(Unfit::Value(model.returned.clone()));
        }
        found
    }

    /// Whether it would be fit for the cache of a thread.
    fn misses_the_thread_alone(&self, unfit: &Unfit) -> bool {
        match unfit {
            Unfit::Key(ty, _) => !self.lacks(ty, &["Hash", "Eq", "Clone"]),
            Unfit::Value(ty) => !self.lacks(kept_of(ty, self.model.item.sig.fn_token.span), &["Clone"]),
            Unfit::Open(_) | Unfit::Answer(_) | Unfit::Told => false,
        }
    }
}

impl Unfit {
    /// What is surely not fit for a key, or to be kept: of what stands beside the function the compiler would say more than that.
    pub(crate) fn all(model: &Model<'_>) -> Vec<Self> {
        // Of what is seen to be fit there is nothing to ask.
        let is_kept_for_sure = model.seen_of_kept(&model.returned) != Seen::Nothing;
        if is_kept_for_sure && model.leaves().all(|(_, leaf)| model.is_plain_leaf(leaf)) {
            return Vec::new();
        }
        let mut types = model.params.iter().map(|param| &param.ty).chain([&model.returned]);
        let is_told = |ty: &Type| derives::are_lost(ty, model) || holds_what_has_no_size(ty, model);
        if types.any(|ty| types::any_part(ty, &is_told)) {
            return vec![Self::Told];
        }
        let look = Look { model, params: params(model) };
        if model.options.batch.marker.is_some() {
            return look.at_the_batch().into_iter().collect();
        }
        let mut found = look.at_each();
        let returned = kept_of(&model.returned, model.item.sig.fn_token.span);
        if found.is_empty() && is_of_thread(model, returned) && !model.is_of_thread() {
            // Key and value miss the same, `scope = thread`.
            let leaf = model.leaves().map(|(_, leaf)| leaf).find(|leaf| is_of_thread(model, &leaf.ty));
            let key = leaf.map(|leaf| Unfit::Key(leaf.ty.clone(), leaf.behind));
            found.push(key.unwrap_or_else(|| Unfit::Value(model.returned.clone())));
        }
        // What all of it lacks is `scope = thread`, which is one mistake.
        if !model.is_of_thread() && found.iter().all(|unfit| look.misses_the_thread_alone(unfit)) {
            found.truncate(1);
        }
        // The assertions stand in a function of their own, which has no `Self` and no parameters.
        let all = found.len();
        let in_its_place = |unfit: Self| unfit.in_its_place(&look.params, model);
        let found = found.into_iter().filter_map(in_its_place).collect::<Vec<_>>();
        if found.len() == all { found } else { Vec::new() }
    }

    /// Whether somebody else tells of it.
    pub(crate) fn is_told_elsewhere(&self, model: &Model<'_>) -> bool {
        match self {
            Self::Key(ty, _) => is_known_to_lack(ty, of_key(model), model),
            Self::Value(ty) => is_known_to_lack(ty, of_value(model), model),
            Self::Open(unfit) => unfit.is_told_elsewhere(model),
            Self::Answer(_) | Self::Told => false,
        }
    }

    fn no_answer(model: &Model<'_>) -> Option<Self> {
        let (_, key) = batch::keys(&model.params, &model.parts)?;
        let is_none = batch::is_no_answer(&model.returned, key, model.item);
        is_none.then(|| Self::Answer(Box::new((key.clone(), model.returned.clone()))))
    }

    /// The same where it can be said: of what is open in the function itself, of the rest anywhere.
    fn in_its_place(self, params: &Names, model: &Model<'_>) -> Option<Self> {
        let is_open = |ty: &Type| {
            let block = model.own_block().filter(|_| types::mentions(quote!(#ty), "Self"));
            params.are_in(ty) || block.is_some_and(|block| params.are_in(&block.self_ty))
        };
        match &self {
            Self::Key(ty, _) | Self::Value(ty) if is_open(ty) => Some(Self::Open(Box::new(self))),
            _ => self.without_self(model),
        }
    }

    /// The same in words that mean it everywhere, at the same place.
    fn without_self(self, model: &Model<'_>) -> Option<Self> {
        let named = |ty: Type| {
            if !types::mentions(ty.to_token_stream(), "Self") {
                return Some(ty);
            }
            let block =
                model.own_block().filter(|block| block.generics.params.is_empty() && types::is_self(&ty))?;
            let here = |mut token: TokenTree| {
                token.set_span(ty.span());
                token
            };
            syn::parse2(block.self_ty.to_token_stream().into_iter().map(here).collect()).ok()
        };
        Some(match self {
            Self::Key(ty, behind) => Self::Key(named(ty)?, behind),
            Self::Value(ty) => Self::Value(named(ty)?),
            Self::Answer(..) | Self::Open(_) | Self::Told => self,
        })
    }
}
