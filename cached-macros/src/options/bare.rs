//! What is left of the options where there is a mistake: what the key is, and what is skipped, as far as that can be guessed.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};

use super::Options;
use crate::batch::Batch;
use crate::key::Param;
use crate::unknown;

impl Options {
    /// The parameters that are skipped, or were to be: a mistake in that is no reason to have them in the key.
    pub(crate) fn meant_to_skip(&self, params: &[Param]) -> Vec<usize> {
        self.named_to_skip(params).filter_map(|(_, meant)| meant).collect()
    }

    /// Whether something is skipped that resembles none of the parameters.
    pub(crate) fn skips_what_is_not_there(&self, params: &[Param]) -> bool {
        self.named_to_skip(params).any(|(name, meant)| meant.is_none() && name != "self")
    }

    /// What is to be skipped, each with the parameter that is meant.
    fn named_to_skip(&self, params: &[Param]) -> impl Iterator<Item = (String, Option<usize>)> {
        let all: Vec<_> = params.iter().map(|param| param.name.to_string()).collect();
        let names = self.skip.iter().flat_map(|(_, names)| names).map(ToString::to_string);
        names.chain(self.to_skip.iter().cloned()).map(move |name| {
            let own = all.iter().position(|own| *own == name);
            let meant = own.or_else(|| unknown::hint(&name, &all).0);
            (name, meant)
        })
    }

    /// Those alone that say what the key is, and what stands beside the function.
    pub(crate) fn bare(&self) -> Self {
        const KEPT: &[&str] = &["skip", "key", "scope", "in", "lazy", "batch", "companion", "crate", "name"];
        let given = self.given.iter().filter(|given| KEPT.iter().any(|kept| given == kept)).cloned();
        let meant = self.meant.iter().filter(|meant| ["lazy", "batch"].contains(meant));
        Self {
            name: self.name.clone(),
            skip: self.skip.clone(),
            key: self.key.clone(),
            scope: self.scope.clone(),
            inside: self.inside.clone(),
            lazy: self.lazy.clone(),
            batch: Batch { marker: self.batch.marker.clone(), ..Batch::default() },
            companion: self.companion.clone(),
            krate: self.krate.clone(),
            given: given.chain(meant.map(|meant| Ident::new(meant, Span::call_site()))).collect(),
            ..Self::default()
        }
    }

    /// The same without what is wrong in those that say what the key is and whose the cache, for a function with these parameters.
    pub(crate) fn barest(&self, params: &[Param]) -> Self {
        let mut bare = self.bare();
        let is_right = |name: &str| !self.mistaken.iter().any(|mistaken| mistaken == name);
        (bare.key, bare.scope) =
            (bare.key.filter(|_| is_right("key")), bare.scope.filter(|_| is_right("scope")));
        let skipped: BTreeSet<_> = self.meant_to_skip(params).into_iter().collect();
        let names: Vec<_> = skipped.into_iter().map(|index| params[index].name.clone()).collect();
        let option = Ident::new("skip", Span::call_site());
        if !names.is_empty() && !self.is_written("skip") {
            bare.given.push(option.clone());
        }
        bare.skip = (!names.is_empty()).then_some((option, names));
        let open = self.named_to_skip(params).filter(|(_, meant)| meant.is_none());
        bare.to_skip = open.map(|(name, _)| name).collect();
        let is_there =
            [("skip", bare.skip.is_some()), ("key", bare.key.is_some()), ("scope", bare.scope.is_some())];
        bare.given.retain(|given| is_there.iter().all(|(name, is_there)| *is_there || given != name));
        bare
    }
}
