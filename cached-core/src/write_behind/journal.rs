//! The journal: writes on disk before they are accepted, in an embedded database.
//!
//! The rows lie there in the order of the log, so that the first writes of the log are the first rows. Writers that come while
//! another's transaction is under way share the next one.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;
use redb::{Database, ReadableTable, TableDefinition};

use super::builder::Builder;
use super::dead::{Dead, DeadLetter, Failure};
use super::log::{Log, Write};
use super::worker::message;
use crate::sync::{Bell, Mutex, assert_unguarded};

const WRITES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("writes");
const DEAD: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("dead");

type Encode<K, V> = Box<dyn Fn(&K, &V) -> Vec<u8> + Send + Sync>;

/// A journal cannot be opened, or holds what cannot be read.
#[derive(Debug)]
pub struct JournalError {
    path: PathBuf,
    reason: Boxed,
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the journal {} cannot be opened: {}", self.path.display(), self.reason)
    }
}

impl Error for JournalError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.reason)
    }
}

impl<K, V, E> Builder<K, V, E>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    E: Send + 'static,
{
    /// Keeps writes in a journal, a [redb](https://docs.rs/redb) database at this path, from before they are accepted until they are in the sink.
    /// What an earlier process left there is written first, of each key the last write alone; what had died is among the dead letters again.
    ///
    /// `encode` makes bytes of a write, `decode` makes the write of them again; `None` if it cannot.
    ///
    /// Each `write` then waits for the disk (one `fsync`, shared by all who write at the same time), each batch once more. So a writer alone is no
    /// faster than one that writes through and waits for the disk, and many together are: `ledger compare` among the examples measures both.
    ///
    /// # Errors
    /// If the database cannot be opened, is open elsewhere, is damaged, or holds a row that `decode` does not understand. What it holds stays
    /// there, to be opened again.
    pub fn journal(
        mut self,
        path: impl AsRef<Path>,
        encode: impl Fn(&K, &V) -> Vec<u8> + Send + Sync + 'static,
        decode: impl Fn(&[u8]) -> Option<(K, V)>,
    ) -> Result<Self, JournalError> {
        let path = path.as_ref();
        // A file that was cut off makes the database panic.
        let opened = catch_unwind(AssertUnwindSafe(|| Opened::open(path, Box::new(encode), decode)));
        let opened =
            opened.unwrap_or_else(|panic| Err(format!("it cannot be read: {}", message(&*panic)).into()));
        match opened {
            Ok(opened) => self.journal = Some(opened),
            Err(reason) => return Err(JournalError { path: path.to_owned(), reason }),
        }
        Ok(self)
    }
}

/// See the module's words.
pub(super) struct Journal<K, V> {
    database: Database,
    encode: Encode<K, V>,
    queue: Mutex<Queue<K, V>>,
    committed: Bell,
}

struct Queue<K, V> {
    waiting: Vec<Waiting<K, V>>,
    /// Somebody commits.
    busy: bool,
    /// The next row of the writes, and of the dead.
    next: (u64, u64),
}

/// A write that is to be committed.
struct Waiting<K, V> {
    write: Arc<Write<K, V>>,
    bytes: Vec<u8>,
    /// Its number in the log, or why there is none.
    result: Arc<OnceLock<Result<u64, String>>>,
}

type Boxed = Box<dyn Error + Send + Sync>;

impl<K, V> Journal<K, V> {
    /// The bytes of a write. User code: to be called before anything is begun.
    pub(super) fn encode(&self, write: &Write<K, V>) -> Vec<u8> {
        assert_unguarded();
        (self.encode)(&write.key, &write.value)
    }

    /// Commits a write, and then enters it in the log; its number there.
    pub(super) fn enter(
        &self,
        write: &Arc<Write<K, V>>,
        bytes: Vec<u8>,
        log: &Log<K, V>,
    ) -> Result<u64, String> {
        let result = Arc::new(OnceLock::new());
        let mut queue = self.queue.lock();
        queue.waiting.push(Waiting { write: Arc::clone(write), bytes, result: Arc::clone(&result) });
        while result.get().is_none() {
            if queue.busy {
                queue = self.committed.wait(queue, None);
                continue;
            }
            queue.busy = true;
            let first = queue.next.0;
            let group = std::mem::take(&mut queue.waiting);
            queue.next.0 += group.len() as u64;
            drop(queue);
            let committed = self.insert(first, &group).map_err(|error| error.to_string());
            // One group after the other, so that the log has the order of the rows.
            for waiting in group {
                let number = committed.clone().map(|()| log.enter(waiting.write));
                let _ = waiting.result.set(number);
            }
            queue = self.queue.lock();
            queue.busy = false;
            self.committed.ring();
        }
        drop(queue);
        result.get().cloned().expect("it has just been seen")
    }

    fn insert(&self, first: u64, group: &[Waiting<K, V>]) -> Result<(), Boxed> {
        let transaction = self.database.begin_write()?;
        {
            let mut table = transaction.open_table(WRITES)?;
            for (row, waiting) in (first..).zip(group) {
                table.insert(row, &*waiting.bytes)?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// The first writes have been dealt with; these of them are dead. The rows of the dead.
    pub(super) fn leave<'a>(
        &self,
        writes: usize,
        dead: impl Iterator<Item = &'a Write<K, V>>,
    ) -> Result<Vec<u64>, Boxed>
    where
        K: 'a,
        V: 'a,
    {
        let dead: Vec<_> = dead.map(|write| self.encode(write)).collect();
        let first = {
            let mut queue = self.queue.lock();
            let first = queue.next.1;
            queue.next.1 += dead.len() as u64;
            first
        };
        let transaction = self.database.begin_write()?;
        {
            let mut table = transaction.open_table(WRITES)?;
            for _ in 0..writes {
                table.pop_first()?;
            }
            let mut table = transaction.open_table(DEAD)?;
            for (row, bytes) in (first..).zip(&dead) {
                table.insert(row, &**bytes)?;
            }
        }
        transaction.commit()?;
        Ok((first..first + dead.len() as u64).collect())
    }

    /// Somebody has taken these dead.
    pub(super) fn forget_dead(&self, rows: impl Iterator<Item = u64>) -> Result<(), Boxed> {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return Ok(());
        }
        let transaction = self.database.begin_write()?;
        {
            let mut table = transaction.open_table(DEAD)?;
            for row in rows {
                table.remove(row)?;
            }
        }
        Ok(transaction.commit()?)
    }
}

/// A journal and what was found in it.
pub(super) struct Opened<K, V> {
    journal: Journal<K, V>,
    writes: Vec<(K, V)>,
    dead: Vec<(u64, (K, V))>,
}

impl<K: Hash + Eq + Clone, V: Clone> Opened<K, V> {
    fn open(
        path: &Path,
        encode: Encode<K, V>,
        decode: impl Fn(&[u8]) -> Option<(K, V)>,
    ) -> Result<Self, Boxed> {
        let mut database = Database::create(path)?;
        // What a kill leaves has been put right by now. All rows are read anyway, so it costs little to look at each page.
        if !database.check_integrity()? {
            return Err(
                "it was damaged, and what could be saved was; the last writes may be missing: open it again to go on"
                    .into(),
            );
        }
        let transaction = database.begin_write()?;
        let (writes, dead, next);
        {
            let mut table = transaction.open_table(WRITES)?;
            let rows = read(&table, &decode)?;
            // Of each key the last alone: the sink may have had any of them, and must not have an older one after it.
            let last: HashMap<&K, u64> = rows.iter().map(|(row, (key, _))| (key, *row)).collect();
            let is_last = |row: &u64, key: &K| last.get(key) == Some(row);
            for (row, _) in rows.iter().filter(|(row, (key, _))| !is_last(row, key)) {
                table.remove(row)?;
            }
            let mut graves = transaction.open_table(DEAD)?;
            dead = read(&graves, &decode)?;
            next = (after(&rows), after(&dead));
            writes = rows
                .iter()
                .filter(|(row, (key, _))| is_last(row, key))
                .map(|(_, write)| write.clone())
                .collect();
            // Opened for writing, so that it is there from now on.
            let _ = &mut graves;
        }
        transaction.commit()?;
        let queue = Mutex::new(Queue { waiting: Vec::new(), busy: false, next });
        let journal = Journal { database, encode, queue, committed: Bell::default() };
        Ok(Self { journal, writes, dead })
    }

    /// Enters what was found.
    pub(super) fn replay<E>(
        self,
        hasher: &RandomState,
        log: &Log<K, V>,
        dead: &Dead<K, V, E>,
    ) -> Journal<K, V> {
        let write = |(key, value)| Arc::new(Write { hash: hasher.hash_one(&key), key, value });
        self.writes.into_iter().for_each(|found| log.enter_again(write(found)));
        let letters =
            self.dead.into_iter().map(|(row, found)| DeadLetter::new(write(found), Failure::Earlier, row));
        dead.add(letters.collect());
        self.journal
    }
}

type Rows<K, V> = Vec<(u64, (K, V))>;

fn read<K, V>(
    table: &impl ReadableTable<u64, &'static [u8]>,
    decode: &impl Fn(&[u8]) -> Option<(K, V)>,
) -> Result<Rows<K, V>, Boxed> {
    let row =
        |entry: Result<(redb::AccessGuard<'_, u64>, redb::AccessGuard<'_, &[u8]>), redb::StorageError>| {
            let (row, bytes) = entry?;
            let row = row.value();
            let write = decode(bytes.value()).ok_or_else(|| format!("row {row} cannot be decoded"))?;
            Ok((row, write))
        };
    table.iter()?.map(row).collect()
}

fn after<K, V>(rows: &Rows<K, V>) -> u64 {
    rows.last().map_or(0, |(row, _)| row + 1)
}
