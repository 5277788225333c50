//! What the parameters of a block lack for its functions, told once for all of them.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Ident;
use syn::Type;

use crate::model::Model;
use crate::types;

/// Bounds that the functions of a block miss, by parameter.
#[derive(Default)]
pub(crate) struct Lacks {
    found: BTreeMap<String, Missing>,
    /// Whether all functions have been looked at.
    is_whole: bool,
}

/// What is missing of one parameter, and what that is for.
struct Missing {
    bounds: BTreeSet<&'static str>,
    what: &'static str,
    is_told: bool,
}

impl Lacks {
    /// Takes note of what one function misses, and gives back what is to be said of that now.
    pub(crate) fn note(
        &mut self,
        param: &Ident,
        what: &'static str,
        missing: &[&'static str],
    ) -> Option<(&'static str, Vec<&'static str>)> {
        let own = self.found.entry(param.to_string()).or_insert_with(|| Missing {
            bounds: BTreeSet::new(),
            what,
            is_told: false,
        });
        own.bounds.extend(missing);
        // What asks for most says most.
        if FOR.iter().position(|other| *other == what) < FOR.iter().position(|other| *other == own.what) {
            own.what = what;
        }
        let is_said = std::mem::replace(&mut own.is_told, self.is_whole);
        let bounds = BOUNDS.iter().copied().filter(|bound| own.bounds.contains(bound));
        (!is_said || !self.is_whole).then(|| (own.what, bounds.collect()))
    }

    /// Whether anything was missed by a function, so that all have to be looked at once more.
    pub(crate) fn begin_again(&mut self) -> bool {
        self.is_whole = !self.found.is_empty();
        self.is_whole
    }

    /// The parameters of which something is missing.
    pub(crate) fn params(&self) -> impl Iterator<Item = &str> {
        self.found.keys().map(String::as_str)
    }
}

/// What a parameter must be fit for.
pub(crate) const FOR: &[&str] =
    &["is part of the key", "is what the cache keeps", "tells one cache from another"];

/// All that can be missing, as it is written.
const BOUNDS: &[&str] = &["Hash", "Eq", "Clone", "Send", "Sync", "'static"];

/// The argument whose type is this parameter, where its bounds say that it is called.
pub(crate) fn called_by<'a>(
    model: &'a Model<'_>,
    param: &syn::TypeParam,
    generics: &syn::Generics,
) -> Option<&'a Ident> {
    const CALLED: &[&str] = &["Fn", "FnMut", "FnOnce", "AsyncFn", "AsyncFnMut", "AsyncFnOnce"];
    let is_it = |ty: &Type| matches!(types::peel(ty), Type::Path(path) if path.path.is_ident(&param.ident));
    let of_clause =
        generics.where_clause.iter().flat_map(|clause| &clause.predicates).filter_map(|predicate| {
            match predicate {
                syn::WherePredicate::Type(own) if is_it(&own.bounded_ty) => Some(&own.bounds),
                _ => None,
            }
        });
    let is_called = |bounds: &syn::punctuated::Punctuated<syn::TypeParamBound, syn::Token![+]>| {
        bounds.iter().any(|bound| match bound {
            syn::TypeParamBound::Trait(bound) => {
                bound.path.segments.last().is_some_and(|last| CALLED.iter().any(|name| last.ident == name))
            }
            _ => false,
        })
    };
    let mut bounds = of_clause.chain([&param.bounds]);
    let mut all = model.params.iter();
    let argument =
        all.find(|own| is_it(types::as_reference(&own.ty).map_or(&own.ty, |reference| &reference.elem)))?;
    bounds.any(is_called).then_some(&argument.name)
}
