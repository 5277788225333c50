//! A tag that somebody holds, and the holds.

use std::sync::Arc;

use super::Tag;
use super::index::Index;
use super::members::{Full, Member, Members};
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicUsize, Ordering};

/// In [`Record::state`]: it is invalidated. The rest is a count.
const DEAD: usize = 1 << (usize::BITS - 1);

/// See the module's words.
pub(crate) struct Record {
    pub(super) tag: Tag,
    pub(super) hash: u64,
    /// How many entries in the table have it, and whether it is invalidated: one number, so that each entry is counted on
    /// one side of that moment.
    state: AtomicUsize,
    /// How many [`Held`] have it. From zero it rises under its shard's lock alone.
    pub(super) holders: AtomicUsize,
    /// The entries that have it, and some that have left; `None` once it is invalidated.
    members: Mutex<Option<Members>>,
}

impl Record {
    pub(super) fn new(tag: Tag, hash: u64) -> Self {
        let members = Mutex::new(Some(Members::default()));
        Self { tag, hash, state: AtomicUsize::new(0), holders: AtomicUsize::new(1), members }
    }

    #[inline]
    fn is_current(&self) -> bool {
        self.state.load(Ordering::Acquire) & DEAD == 0
    }

    /// Notes an entry that is in the table by now: what is to be looked at again, as far as there is room for it here.
    /// `None` where the entry is outdated already.
    pub(crate) fn join(&self, member: Member) -> Option<Vec<Member>> {
        let mut members = self.members.lock();
        let members = members.as_mut()?;
        members.push(member);
        let entries = self.state.load(Ordering::Relaxed) & !DEAD;
        Some(if members.len() > 2 * entries + 16 { members.take_some() } else { Vec::new() })
    }

    /// Notes an entry that was looked at again; whether it is current.
    pub(crate) fn rejoin(&self, member: Member) -> bool {
        self.members.lock().as_mut().map(|members| members.push(member)).is_some()
    }

    /// Invalidates it: how many entries had it, and where they are.
    pub(super) fn kill(&self) -> (usize, Full) {
        let entries = self.state.fetch_or(DEAD, Ordering::AcqRel);
        (entries & !DEAD, self.members.lock().take().unwrap_or_default())
    }
}

/// One holder's hold of its tags. Dropping it may lock a shard of the index, and runs nothing of the user's.
pub(crate) struct Held {
    index: Arc<Index>,
    records: Records,
}

/// Nearly always an entry has one tag.
#[derive(Clone)]
pub(crate) enum Records {
    One(Arc<Record>),
    Many(Box<[Arc<Record>]>),
}

impl Records {
    #[inline]
    pub(crate) fn as_slice(&self) -> &[Arc<Record>] {
        match self {
            Self::One(record) => std::slice::from_ref(record),
            Self::Many(records) => records,
        }
    }

    /// Whether none of them has been invalidated.
    #[inline]
    pub(crate) fn is_current(&self) -> bool {
        self.as_slice().iter().all(|record| record.is_current())
    }
}

impl Held {
    /// Takes over the counted holds of these records; `None` if there are none.
    pub(super) fn new(index: &Arc<Index>, mut records: Vec<Arc<Record>>) -> Option<Self> {
        let records = match records.len() {
            0 => return None,
            1 => Records::One(records.pop()?),
            _ => Records::Many(records.into()),
        };
        Some(Self { index: Arc::clone(index), records })
    }

    /// A hold of the same tags, and of those of another.
    pub(crate) fn with(&self, more: Option<&Self>) -> Self {
        let mut records = self.records.clone();
        let more = more.map_or(&[][..], |more| more.records.as_slice());
        let is_new = |record: &&Arc<Record>| !self.records().iter().any(|own| Arc::ptr_eq(own, record));
        let more: Vec<_> = more.iter().filter(is_new).cloned().collect();
        if !more.is_empty() {
            records = Records::Many(self.records().iter().cloned().chain(more).collect());
        }
        for record in records.as_slice() {
            // Not from zero: this hold counts.
            record.holders.fetch_add(1, Ordering::Relaxed);
        }
        Self { index: Arc::clone(&self.index), records }
    }

    fn records(&self) -> &[Arc<Record>] {
        self.records.as_slice()
    }

    /// The records alone, which does not keep them in the index.
    pub(crate) fn share(&self) -> Records {
        self.records.clone()
    }

    /// Whether none of the tags has been invalidated since.
    #[inline]
    pub(crate) fn is_current(&self) -> bool {
        self.records.is_current()
    }

    /// An entry with these tags is in the table from here on.
    pub(crate) fn enter(&self) {
        for record in self.records() {
            if record.state.fetch_add(1, Ordering::AcqRel) & DEAD != 0 {
                self.index.count_dead(1);
            }
        }
    }

    /// And here it leaves.
    pub(crate) fn leave(&self) {
        for record in self.records() {
            if record.state.fetch_sub(1, Ordering::AcqRel) & DEAD != 0 {
                self.index.count_dead(-1);
            }
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        for record in self.records.as_slice() {
            if record.holders.fetch_sub(1, Ordering::AcqRel) == 1 {
                self.index.forget(record);
            }
        }
    }
}
