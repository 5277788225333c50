//! What the parameters of a block lack for its functions, told once for all of them.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Ident;

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
