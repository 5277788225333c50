//! What is seen of a function's types and options, so that neither the compiler nor the library need be asked.

use syn::{Path, Type};

use super::{Model, Place};
use crate::key::Part;
use crate::shape::Leaf;
use crate::sources::{module, plain};
use crate::{expand, types};

/// Plain functions, by what the library has to know of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plain {
    /// It is called, and may be lent its arguments.
    Borrowing,
    /// It is called, and owns them.
    Owning,
    /// It is awaited, and may be lent its arguments; what it answers holds no borrow, and nothing lives for ever.
    AwaitedBorrowing,
    /// It is awaited, and owns them.
    AwaitedOwning,
    /// It is called, and its key is worked out from arguments that can be given to both.
    Keyed,
}

/// What is seen of how a value is kept, so that the compiler need not be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// As it is.
    Plain,
    /// It is a `Result`, and its error can be told to all who wait.
    Result,
    Nothing,
}

impl Model<'_> {
    /// Whether a type is surely fit for a key, so that the compiler need not be asked.
    pub(crate) fn is_plain_key(&self, ty: &Type) -> bool {
        types::is_plain_key_with(ty, &|path| plain::is_fit(path, plain::OF_KEYS, self.item.sig.fn_token.span))
    }

    /// The same of a leaf.
    pub(crate) fn is_plain_leaf(&self, leaf: &Leaf) -> bool {
        *leaf.is_plain.get_or_init(|| self.is_plain_key(self.own_type(&leaf.ty).unwrap_or(&leaf.ty)))
    }

    /// What `Self` is, where that is a type of the method's own block and nothing of it is generic.
    fn own_type(&self, ty: &Type) -> Option<&Type> {
        let is_self = matches!(ty, Type::Path(path) if path.path.is_ident("Self"));
        let block = self.own_block().filter(|block| is_self && block.of_trait.is_none())?;
        block.generics.params.is_empty().then_some(&block.self_ty)
    }

    /// Whether a leaf that is fit for a key surely has `Debug` as well.
    pub(crate) fn is_shown(&self, leaf: &Leaf) -> bool {
        let function = self.item.sig.fn_token.span;
        let is_another =
            |ty: &Type| types::known_name(ty).is_some_and(|name| !module::leaves(&name, function));
        types::is_plain_key_with(&leaf.ty, &|path| plain::is_fit(path, plain::OF_SHOWN_KEYS, function))
            && !types::any_part(&leaf.ty, &is_another)
    }

    /// What is seen of how a value is kept, of the type of what the function returns.
    pub(crate) fn seen_of_kept(&self, returned: &Type) -> Seen {
        *self.kept.get_or_init(|| {
            let function = self.item.sig.fn_token.span;
            let is_fit = |path: &Path| plain::is_fit(path, plain::OF_VALUES, function);
            let is_plain = |ty: &Type| types::is_plain_value_with(ty, &is_fit);
            let parts = types::argument_of(returned, "Result").zip(types::result_error(returned));
            match (types::peel(returned), parts) {
                _ if is_plain(returned) => Seen::Plain,
                (Type::Path(path), Some((value, error)))
                    if is_plain(value)
                        && is_plain(error)
                        && module::is_surely_result(&path.path, function) =>
                {
                    Seen::Result
                }
                _ => Seen::Nothing,
            }
        })
    }

    /// See [`plain`](Self::plain).
    pub(super) fn finds_plain(&self) -> Option<Plain> {
        /// Options that only the cache hears of, and where it is.
        const OF_THE_CACHE: &[&str] = &[
            "max",
            "max_weight",
            "weigher",
            "ttl",
            "idle",
            "jitter",
            "policy",
            "name",
            "store_if",
            "tags",
            "on_remove",
            "single_flight",
            "scope",
            "companion",
            "crate",
            "key",
        ];
        /// Attributes that change what a call of the body is.
        const OF_THE_CALL: &[&str] = &["track_caller", "target_feature", "cfg_attr"];
        let sig = &self.item.sig;
        let in_order = |(index, part): (usize, &Part)| matches!(part, Part::Param(own) if *own == index);
        let is_plain = matches!(self.place, Place::Type(_))
            && sig.generics.params.is_empty()
            && sig.generics.where_clause.is_none()
            && self.options.are_only(OF_THE_CACHE)
            && !self.item.attrs.iter().any(|attr| OF_THE_CALL.iter().any(|name| attr.path().is_ident(name)));
        let owns_all = || types::lifetimes(self.params.iter().map(|param| &param.ty)) == 0;
        let is_of_all = self.parts.len() == self.params.len() && self.parts.iter().enumerate().all(in_order);
        match sig.asyncness {
            _ if !is_plain => None,
            _ if expand::is_asked_by_key(self) => Some(Plain::Keyed),
            _ if !is_of_all => None,
            None if owns_all() && !self.is_of_thread() => Some(Plain::Owning),
            None => Some(Plain::Borrowing),
            Some(_) if !self.is_sent_for_sure() => None,
            Some(_) if owns_all() => Some(Plain::AwaitedOwning),
            Some(_) => Some(Plain::AwaitedBorrowing),
        }
    }

    /// Whether it is seen of all types of an asynchronous function that they can be sent, and what they borrow: nothing that lives for
    /// ever, which the compiler would look for in vain where it no longer tells one lifetime from another.
    fn is_sent_for_sure(&self) -> bool {
        !self.may_come_back()
            && !self.is_of_thread()
            && !types::mentions(self.heads(), "static")
            && self.leaves().all(|(_, leaf)| self.is_plain_leaf(leaf))
            && types::lifetimes([&self.returned].into_iter()) == 0
            && self.seen_of_kept(&self.returned) != Seen::Nothing
    }
}
