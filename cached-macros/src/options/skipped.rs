//! What is skipped, or was to be, where there is a mistake in that.

use super::Options;
use crate::key::Param;
use crate::{patterns, unknown};

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
        let (all, spoken_of) = (patterns::names(params), patterns::spoken_of(params));
        let names = self.skip.iter().flat_map(|(_, names)| names).map(ToString::to_string);
        names.chain(self.to_skip.iter().cloned()).map(move |name| {
            let own = all.iter().position(|own| *own == name);
            let meant = own.or_else(|| unknown::hint(&name, &all).0);
            (name, meant.map(|meant| spoken_of[meant].1))
        })
    }
}
