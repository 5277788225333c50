//! Batches: a body that answers many keys at once, behind a cache of single keys.
//!
//! A caller looks each of its keys up for itself, and boards a flight for each that is missing; so calls of slices and
//! single loads share what is running, and a lease is one key's. The keys it leads go into runs of the body of at most
//! `max_batch` keys ([`chunk`]); it waits for those that others lead only when its own have landed, so that two callers
//! never wait for each other. Single loads leave their leases with a group, which one of them takes to a run ([`gather`]).

use std::error::Error;
use std::fmt;

pub(crate) mod chunk;
pub(crate) mod convoy;
pub(crate) mod gather;
pub(crate) mod plan;

/// A batch body's answer had another length than the keys it was given.
///
/// It becomes the function's own error where that implements `From<BatchLengthError>`; elsewhere it is a panic. No key of
/// that run is kept, as nobody can tell which answer is whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchLengthError {
    keys: usize,
    answers: usize,
}

impl BatchLengthError {
    pub(crate) fn new(keys: usize, answers: usize) -> Self {
        Self { keys, answers }
    }

    /// How many keys the body was given.
    pub fn keys(&self) -> usize {
        self.keys
    }

    /// How many answers it returned.
    pub fn answers(&self) -> usize {
        self.answers
    }
}

impl fmt::Display for BatchLengthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a batch of {} keys was answered with {} values: return one for each key, in the order of the keys",
            self.keys, self.answers
        )
    }
}

impl Error for BatchLengthError {}
