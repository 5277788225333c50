//! Writes that did not make it, and how that is told.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::log::Write;
use crate::sync::Mutex;

/// Why the sink did not take a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure<E> {
    /// What the sink returned.
    Error(E),
    /// It panicked, with this message.
    Panicked(String),
    /// It failed in an earlier run of the process, and lay in the journal since.
    Earlier,
}

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::Panicked(message) => write!(f, "the sink panicked: {message}"),
            Self::Earlier => f.write_str("the sink failed in an earlier run of the process"),
        }
    }
}

/// A write that failed for good.
pub struct DeadLetter<K, V, E> {
    write: Arc<Write<K, V>>,
    failure: Failure<E>,
    #[cfg_attr(not(feature = "journal"), expect(dead_code, reason = "there is no journal to number it"))]
    number: u64,
}

impl<K, V, E> DeadLetter<K, V, E> {
    pub(super) fn new(write: Arc<Write<K, V>>, failure: Failure<E>, number: u64) -> Self {
        Self { write, failure, number }
    }

    /// Its key.
    pub fn key(&self) -> &K {
        &self.write.key
    }

    /// The value that was to be written.
    pub fn value(&self) -> &V {
        &self.write.value
    }

    /// Why it failed the last time.
    pub fn failure(&self) -> &Failure<E> {
        &self.failure
    }

    /// Its number in the journal.
    #[cfg(feature = "journal")]
    pub(super) fn number(&self) -> u64 {
        self.number
    }
}

impl<K: fmt::Debug, V: fmt::Debug, E: fmt::Debug> fmt::Debug for DeadLetter<K, V, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeadLetter")
            .field("key", self.key())
            .field("value", self.value())
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}

/// Is told of each dead letter.
pub(super) type Listener<K, V, E> = Box<dyn Fn(&DeadLetter<K, V, E>) + Send + Sync>;

/// The list of dead letters.
pub(super) struct Dead<K, V, E> {
    letters: Mutex<Vec<DeadLetter<K, V, E>>>,
    pub(super) listener: Option<Listener<K, V, E>>,
}

impl<K, V, E> Dead<K, V, E> {
    pub(super) fn new(listener: Option<Listener<K, V, E>>) -> Self {
        Self { letters: Mutex::new(Vec::new()), listener }
    }

    pub(super) fn add(&self, letters: Vec<DeadLetter<K, V, E>>) {
        self.letters.lock().extend(letters);
    }

    pub(super) fn take(&self) -> Vec<DeadLetter<K, V, E>> {
        std::mem::take(&mut *self.letters.lock())
    }

    pub(super) fn len(&self) -> usize {
        self.letters.lock().len()
    }
}

/// A write that was not accepted, with its key and value.
pub struct WriteError<K, V> {
    kind: WriteErrorKind,
    write: Arc<Write<K, V>>,
}

/// Why a write was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteErrorKind {
    /// As many writes are pending as there may be.
    Full,
    /// The journal could not be written to, for this reason.
    Journal(String),
}

impl<K, V> WriteError<K, V> {
    pub(super) fn new(kind: WriteErrorKind, write: Arc<Write<K, V>>) -> Self {
        Self { kind, write }
    }

    /// Why it was not accepted.
    pub fn kind(&self) -> &WriteErrorKind {
        &self.kind
    }

    /// The key that was to be written.
    pub fn key(&self) -> &K {
        &self.write.key
    }

    /// The value that was to be written.
    pub fn value(&self) -> &V {
        &self.write.value
    }
}

impl<K, V> fmt::Debug for WriteError<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteError").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl<K, V> fmt::Display for WriteError<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            WriteErrorKind::Full => {
                f.write_str("no room for another write: wait for some to be written, or raise the capacity")
            }
            WriteErrorKind::Journal(reason) => write!(f, "the journal cannot be written to: {reason}"),
        }
    }
}

impl<K, V> Error for WriteError<K, V> {}

/// Some of what was flushed is dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlushError {
    dead: u64,
}

impl FlushError {
    pub(super) fn of(dead: u64) -> Result<(), Self> {
        if dead == 0 { Ok(()) } else { Err(Self { dead }) }
    }

    /// How many writes failed for good while it was flushed.
    pub fn dead(&self) -> u64 {
        self.dead
    }
}

impl fmt::Display for FlushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} writes failed for good: see the dead letters", self.dead)
    }
}

impl Error for FlushError {}
