//! Entries with tags: what is noted of them when they come, and how they go.

use std::sync::Arc;

use super::{Core, Store};
use crate::engine::table::Removed;
use crate::flight::Flight;
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::tagging::Tagging;
use crate::tags::{Held, Index, Killed, Member, Members, Outdated, Records, Tag};

/// Most entries that the invalidation of a tag takes out itself.
const AT_ONCE: usize = 1024;
/// Most that any other operation takes out for it.
const LATER: usize = 256;

/// What a store with tags has beside its table.
pub(super) struct Tags {
    index: Arc<Index>,
    /// Entries that are outdated and still there: bounded work for each operation.
    graves: Mutex<Vec<Members>>,
    /// Whether there may be such.
    any: AtomicBool,
    /// Held while an error is stored of whose tags not all are known: whoever has invalidated one clears the errors after that.
    errors: Mutex<()>,
}

impl Tags {
    pub(super) fn new(index: &Arc<Index>) -> Self {
        let (graves, any, errors) = (Mutex::default(), AtomicBool::new(false), Mutex::default());
        Self { index: Arc::clone(index), graves, any, errors }
    }

    /// Entries in the table that are outdated.
    pub(super) fn dead(&self) -> usize {
        self.index.dead()
    }

    /// Whether outdated entries wait to be taken out.
    #[inline]
    pub(super) fn has_graves(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    fn add(&self, members: Members) {
        let mut graves = self.graves.lock();
        graves.push(members);
        self.any.store(true, Ordering::Relaxed);
    }

    /// How many entries had a tag, and those of them that are to be taken out at once. The others wait.
    fn lay_out(&self, mut killed: Killed) -> (usize, Vec<Member>) {
        let first = std::iter::from_fn(|| killed.members.pop()).take(AT_ONCE).collect();
        if killed.members.len() > 0 {
            self.add(killed.members);
        }
        (killed.entries, first)
    }

    /// Up to so many of those that wait.
    fn take(&self, most: usize) -> Vec<Member> {
        let mut graves = self.graves.lock();
        let mut taken = Vec::new();
        while let Some(last) = graves.last_mut().filter(|_| taken.len() < most) {
            match last.pop() {
                Some(member) => taken.push(member),
                None => drop(graves.pop()),
            }
        }
        self.any.store(!graves.is_empty(), Ordering::Relaxed);
        taken
    }
}

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    pub(crate) fn invalidate_tag(&self, tag: &Tag) -> usize {
        self.any().forget_tag(tag)
    }

    #[cfg(test)]
    pub(crate) fn tag_index(&self) -> Option<&Arc<Index>> {
        self.tags.as_ref().map(|tags| &tags.index)
    }

    /// The tags of what a load brought. Runs user code.
    pub(super) fn tags_of(&self, flight: &Flight, value: &V) -> Result<Option<Box<Held>>, Outdated> {
        let (Some(tags), Some(begun)) = (&self.tags, &flight.tags) else { return Ok(None) };
        let more = self.hooks().and_then(|hooks| hooks.tags_of_value.as_ref());
        begun.end(&tags.index, more.map_or_else(Vec::new, |more| more(flight.key(), value)))
    }

    /// The tags of a load that failed: those of its key. The tags of a value that did not come nobody knows, so where there are such, any
    /// tag that was invalidated meanwhile may have been one of them.
    pub(super) fn tags_of_error(&self, flight: &Flight) -> Result<Option<Box<Held>>, Outdated> {
        let (Some(tags), Some(begun)) = (&self.tags, &flight.tags) else { return Ok(None) };
        if begun.is_quiet() { begun.end(&tags.index, Vec::new()) } else { Err(Outdated) }
    }

    /// Stores an error with its tags, unless one of them has been invalidated. `store` must not run user code.
    pub(super) fn while_current<R>(
        &self,
        flight: &Flight,
        store: impl FnOnce(Option<Box<Held>>) -> Option<R>,
    ) -> Option<R> {
        let _errors = self.tags.as_ref().map(|tags| tags.errors.lock());
        store(self.tags_of_error(flight).ok()?)
    }

    /// Whether some who wait for a load that failed may have called after the end of what it read. Certain once nobody can join it.
    pub(crate) fn is_error_outdated(&self, flight: &Flight) -> bool {
        self.tags.is_some() && self.tags_of_error(flight).is_err()
    }

    /// Notes an entry that was just stored. What had to go instead, because it is outdated already.
    pub(super) fn enlist(&self, records: &Records, member: Member) -> Removed {
        let mut outdated = Vec::new();
        for record in records.as_slice() {
            let Some(again) = record.join(member) else {
                outdated.push(member);
                continue;
            };
            for other in again {
                if self.table.is_there(other.hash, other.ticket) && !record.rejoin(other) {
                    outdated.push(other);
                }
            }
        }
        if outdated.is_empty() { Removed::default() } else { self.table.reap(outdated) }
    }
}

impl Core {
    /// Marks a tag as invalid: how many entries had it, and those of them that are to be taken out at once.
    pub(super) fn kill(&self, tag: &Tag) -> Option<(usize, Vec<Member>)> {
        let tags = self.tags.as_ref()?;
        let killed = tags.index.kill(tag.clone());
        if self.tagging.as_ref().is_some_and(Tagging::is_by_value) {
            drop(tags.errors.lock());
            self.clear_errors();
        }
        Some(tags.lay_out(killed?))
    }

    /// Whether outdated entries wait to be taken out.
    #[inline]
    pub(super) fn has_graves(&self) -> bool {
        self.tags.as_ref().is_some_and(Tags::has_graves)
    }

    /// Some of those.
    pub(super) fn outdated(&self) -> Option<Vec<Member>> {
        Some(self.tags.as_ref()?.take(LATER))
    }
}
