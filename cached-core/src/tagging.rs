//! Which tags a load has: those of its key when it begins, those of its value when that is there.

use std::fmt;
use std::sync::Arc;

use crate::sync::assert_unguarded;
use crate::tags::{Held, Index, Outdated, Since, Tag};

/// How the loads of a cache get their tags.
pub(crate) struct Tagging {
    index: Arc<Index>,
    by_value: bool,
}

impl Tagging {
    /// `None` for a cache without tags.
    pub(crate) fn new(by_key: bool, by_value: bool) -> Option<Self> {
        (by_value || by_key).then(|| Self { index: Index::new(), by_value })
    }

    /// Whether tags are told by values, which are not known before they come.
    pub(crate) fn is_by_value(&self) -> bool {
        self.by_value
    }

    pub(crate) fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// Takes hold of the tags of a load that is about to begin; `of_key` tells those of its key. Runs user code.
    pub(crate) fn begin(&self, of_key: &dyn Fn() -> Vec<Tag>) -> Begun {
        assert_unguarded();
        // In this order: what is invalidated while the hook runs counts.
        let since = self.by_value.then(|| self.index.begin());
        let held = self.index.hold(of_key(), None).unwrap_or_else(|Outdated| None);
        Begun { held, since }
    }
}

impl fmt::Debug for Tagging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tagging").field("by_value", &self.by_value).finish_non_exhaustive()
    }
}

/// The tags of a load that runs, as far as they are known.
pub(crate) struct Begun {
    held: Option<Held>,
    since: Option<Since>,
}

impl Begun {
    /// Whether one of them has been invalidated since.
    pub(crate) fn is_outdated(&self) -> bool {
        self.held.as_ref().is_some_and(|held| !held.is_current())
    }

    /// Whether no tag at all has been invalidated since, where that matters.
    pub(crate) fn is_quiet(&self) -> bool {
        self.since.as_ref().is_none_or(Since::is_quiet)
    }

    /// The tags of what the load brought, `more` being those that its value has.
    pub(crate) fn end(&self, index: &Arc<Index>, more: Vec<Tag>) -> Result<Option<Box<Held>>, Outdated> {
        let more = index.hold(more, self.since.as_ref())?;
        if self.is_outdated() {
            return Err(Outdated);
        }
        Ok(match &self.held {
            Some(held) => Some(Box::new(held.with(more.as_ref()))),
            None => more.map(Box::new),
        })
    }
}
