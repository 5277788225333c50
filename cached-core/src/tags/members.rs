//! Where the entries of a tag are.

use std::collections::VecDeque;

use crate::engine::order::Ticket;
use crate::engine::table::number_of_part;

/// An entry: its key's hash and its ticket.
#[derive(Clone, Copy)]
pub(crate) struct Member {
    pub(crate) hash: u64,
    pub(crate) ticket: Ticket,
}

impl Member {
    /// Brings together those of each of so many parts. Here, and not where the parts are: it would be compiled for each type of them.
    pub(crate) fn sort(all: &mut [Self], parts: usize) {
        all.sort_unstable_by_key(|member| number_of_part(member.hash, parts));
    }
}

/// How many lie together: a list of a million must not be moved when it grows.
const CHUNK: usize = 512;
/// How many are looked at again with each that comes, once half of them have left. Two of those leave the list.
const AGAIN: usize = 4;

/// Entries, those first that have been here longest, and among them some that have left.
#[derive(Default)]
pub(crate) struct Members {
    chunks: VecDeque<VecDeque<Member>>,
    len: usize,
}

/// All members of a record.
pub(super) type Full = Members;

impl Members {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn push(&mut self, member: Member) {
        match self.chunks.back_mut() {
            Some(last) if last.len() < CHUNK => last.push_back(member),
            _ => self.chunks.push_back(VecDeque::from([member])),
        }
        self.len += 1;
    }

    /// Takes out the one that has been here longest.
    pub(crate) fn pop(&mut self) -> Option<Member> {
        let first = self.chunks.front_mut()?;
        let member = first.pop_front();
        if first.is_empty() {
            self.chunks.pop_front();
        }
        self.len -= usize::from(member.is_some());
        member
    }

    pub(super) fn take_some(&mut self) -> Vec<Member> {
        std::iter::from_fn(|| self.pop()).take(AGAIN).collect()
    }
}
