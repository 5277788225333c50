//! Threads by number, and who of them is reading: the proof that nobody still looks at what was taken out of a table.
//!
//! A reader owns a [`Record`], a number that is odd while the thread reads. Going in and out is a plain store to a
//! line that no other thread writes. Whoever wants to free something first makes it unreachable, then [begins a
//! grace period](Grace::begin): a barrier on all threads, and a note of every record that is odd. Once each of
//! these has moved on, no reader can hold what was reachable before. Nobody ever waits for that: garbage is put
//! aside, and a later writer looks again. So a reader may do what it likes, even take out what it reads.
//!
//! # Why it is sound
//!
//! A reader (R) stores its odd number, then loads the pointer. A writer (W) takes the pointer away, then loads the
//! number. Both orders need a full barrier between the two steps, so that not both can miss the other's store. The
//! reader's would be paid at every hit; so it only stops the compiler, and `membarrier(2)` executes the missing
//! barrier on every running thread of the process when the writer asks for it. Then either R's load sees the
//! pointer gone, or W sees the odd number and waits for it. R's `Release` on the way out and W's `Acquire` on
//! reading the number order everything R read before everything W does with the memory.
//!
//! Where there is no `membarrier`, under Miri, and in a sandbox that forbids it, the reader pays a fence.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

mod turn;

use turn::Turn;

use crate::sync::{StaticMutex, thread_local};

/// The record of one thread. Lives for ever: there are as many as threads that read at the same time at the most.
#[repr(align(128))]
struct Record {
    /// Odd while its thread reads.
    turn: Turn,
    /// A small number that no other living thread has.
    number: usize,
    /// Whether going in has to execute a fence.
    fenced: bool,
    /// Lent for one visit to a thread whose end has begun.
    lent: AtomicBool,
}

thread_local! {
    static RECORD: Cell<Option<&'static Record>> = const { Cell::new(None) };
    /// The same, but only where a visit takes no more than two stores: neither a fence, nor a return of what is lent.
    static PLAIN: Cell<Option<&'static Record>> = const { Cell::new(None) };
    /// How many scopes close the short way to this thread.
    static CLOSED: Cell<usize> = const { Cell::new(0) };
    static HELD: Held = const { Held(Cell::new(None)) };
}

struct Records {
    all: Vec<&'static Record>,
    free: Vec<&'static Record>,
}

/// Threads that have a record.
static READERS: AtomicUsize = AtomicUsize::new(0);

static RECORDS: StaticMutex<Records> = StaticMutex::new(Records { all: Vec::new(), free: Vec::new() });

/// A visit: as long as it lives, nothing that its thread can reach is freed. Visits nest.
pub(crate) struct Pin {
    record: &'static Record,
    /// `None` for a visit within another.
    turn: Option<u64>,
    /// A visit ends on the thread on which it began.
    _thread: PhantomData<*const ()>,
}

/// What proves that this thread is on a visit, and says which number it has meanwhile.
pub(crate) trait Visit {
    /// The number of this thread: small, and no other thread has it as long as this lives.
    fn thread(&self) -> usize;
}

/// A visit that began the short way.
pub(crate) struct QuickPin {
    record: &'static Record,
    turn: u64,
    _thread: PhantomData<*const ()>,
}

/// Begins a visit, if this thread has been here before and is not on one already. In exchange it is short enough to be
/// inlined: it calls nothing.
#[inline(always)]
pub(crate) fn quick_pin() -> Option<QuickPin> {
    let record = PLAIN.try_with(Cell::get).ok().flatten()?;
    let turn = record.turn.enter(barrier::NEVER_THERE)?;
    Some(QuickPin { record, turn, _thread: PhantomData })
}

impl Visit for QuickPin {
    #[inline(always)]
    fn thread(&self) -> usize {
        self.record.number
    }
}

impl Drop for QuickPin {
    #[inline(always)]
    fn drop(&mut self) {
        self.record.turn.leave(self.turn);
    }
}

/// The number of this thread, where it keeps that until it ends.
#[inline]
pub(crate) fn number() -> Option<usize> {
    let record = own_record()?;
    (!record.lent.load(Ordering::Relaxed)).then_some(record.number)
}

/// Begins a visit.
#[inline]
pub(crate) fn pin() -> Pin {
    let record = match own_record() {
        Some(record) => record,
        None => enroll(),
    };
    let turn = record.turn.enter(record.fenced);
    Pin { record, turn, _thread: PhantomData }
}

impl Visit for Pin {
    #[inline]
    fn thread(&self) -> usize {
        self.record.number
    }
}

impl Drop for Pin {
    #[inline]
    fn drop(&mut self) {
        if let Some(turn) = self.turn {
            self.record.turn.leave(turn);
            if self.record.lent.load(Ordering::Relaxed) {
                give_back(self.record);
            }
        }
    }
}

#[cold]
#[inline(never)]
fn enroll() -> &'static Record {
    // Whether this thread will still be told that it ends.
    let lent = HELD.try_with(|_| ()).is_err();
    let fenced = !barrier::is_there();
    let record = {
        let mut records = RECORDS.lock();
        match records.free.pop() {
            Some(record) => record,
            None => {
                let (turn, number, lent) = (Turn::new(), records.all.len(), AtomicBool::new(false));
                let record = Record { turn, number, fenced, lent };
                let record: &'static Record = Box::leak(Box::new(record));
                records.all.push(record);
                record
            }
        }
    };
    record.lent.store(lent, Ordering::Relaxed);
    let _ = HELD.try_with(|held| held.0.set(Some(record)));
    READERS.fetch_add(1, Ordering::Relaxed);
    set_record(Some(record));
    set_plain();
    record
}

/// The record of this thread. Its locals hold nothing that is dropped, and so outlast it; a schedule explorer's do not.
#[inline]
fn own_record() -> Option<&'static Record> {
    RECORD.try_with(Cell::get).ok().flatten()
}

fn set_record(record: Option<&'static Record>) {
    let _ = RECORD.try_with(|own| own.set(record));
}

/// Opens the short way where nothing stands against it.
fn set_plain() {
    let plain = |record: &&Record| {
        let fenced = record.fenced && !barrier::NEVER_THERE;
        !fenced && !record.lent.load(Ordering::Relaxed) && CLOSED.try_with(Cell::get) == Ok(0)
    };
    let record = own_record().filter(plain);
    let _ = PLAIN.try_with(|own| own.set(record));
}

/// Sends this thread's visits the long way, until it is [opened](open_short_way) as often as it was closed.
pub(crate) fn close_short_way() {
    let _ = CLOSED.try_with(|closed| closed.set(closed.get() + 1));
    set_plain();
}

pub(crate) fn open_short_way() {
    let _ = CLOSED.try_with(|closed| closed.set(closed.get() - 1));
    set_plain();
}

#[cold]
#[inline(never)]
fn give_back(record: &'static Record) {
    set_record(None);
    set_plain();
    record.lent.store(false, Ordering::Relaxed);
    READERS.fetch_sub(1, Ordering::Relaxed);
    RECORDS.lock().free.push(record);
}

/// Returns the thread's record when the thread ends; whatever of its locals ends first.
struct Held(Cell<Option<&'static Record>>);

impl Drop for Held {
    fn drop(&mut self) {
        // A thread does not end inside a visit: pins are values on its stack.
        if let Some(record) = self.0.take() {
            give_back(record);
        }
    }
}

/// The wait for all who were reading when it began.
pub(crate) struct Grace {
    /// Who was reading, and in which turn; `None` where that could not be found out.
    readers: Option<Vec<(&'static Record, u64)>>,
}

impl Grace {
    /// Begins: what is unreachable now is free once this is [over](Self::is_over).
    ///
    /// Cost: with other threads about, one system call (about 2 us); alone, none.
    #[cold]
    pub(crate) fn begin() -> Self {
        let records = RECORDS.lock();
        let readers = records.all.len() - records.free.len();
        // A thread that enrols after this lock sees what was done before it.
        let alone = readers == 0 || (readers == 1 && own_record().is_some());
        if !alone && !barrier::on_all_threads() {
            return Self { readers: None };
        }
        let inside = records.all.iter().filter_map(|record| Some((*record, record.turn.inside()?)));
        Self { readers: Some(inside.collect()) }
    }

    /// Whether all of them have moved on.
    pub(crate) fn is_over(&mut self) -> bool {
        if self.readers.is_none() {
            // The barrier has failed, for which there is no known reason: once more.
            *self = Self::begin();
        }
        let Some(readers) = &mut self.readers else { return false };
        readers.retain(|(record, turn)| !record.turn.has_left(*turn));
        readers.is_empty()
    }
}

/// Whether nobody is on a visit who may have begun before this call: certain only where this thread is alone.
pub(crate) fn is_quiet() -> bool {
    if readers() > 1 {
        return false;
    }
    let records = RECORDS.lock();
    match records.all.len() - records.free.len() {
        // A thread that enrols after this lock sees what was done before it.
        0 => true,
        1 => own_record().is_some_and(|record| record.turn.inside().is_none()),
        _ => false,
    }
}

/// Whether this thread is on a visit.
pub(crate) fn is_inside() -> bool {
    own_record().is_some_and(|record| record.turn.inside().is_some())
}

/// How many threads may read now, this one included. A hint: it may be out of date.
pub(crate) fn readers() -> usize {
    READERS.load(Ordering::Relaxed)
}

/// Records that were ever needed: as many as threads read at the same time.
#[cfg(test)]
pub(crate) fn records() -> usize {
    RECORDS.lock().all.len()
}

#[cfg(all(target_os = "linux", not(miri)))]
mod barrier {
    #![expect(unsafe_code, reason = "a system call that std does not offer")]

    use std::sync::OnceLock;
    use std::sync::atomic::{Ordering, fence};

    /// Whether readers have to execute a fence of their own in any case.
    pub(super) const NEVER_THERE: bool = false;

    /// Whether the kernel executes barriers for this process.
    pub(super) fn is_there() -> bool {
        static THERE: OnceLock<bool> = OnceLock::new();
        *THERE.get_or_init(|| membarrier(libc::MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED))
    }

    /// A full barrier on every running thread of the process; whether that worked.
    pub(super) fn on_all_threads() -> bool {
        fence(Ordering::SeqCst);
        !is_there() || membarrier(libc::MEMBARRIER_CMD_PRIVATE_EXPEDITED)
    }

    fn membarrier(command: libc::c_int) -> bool {
        // SAFETY: `membarrier(2)` takes three integers and touches no memory of ours.
        unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) == 0 }
    }
}

#[cfg(not(all(target_os = "linux", not(miri))))]
mod barrier {
    use std::sync::atomic::{Ordering, fence};

    pub(super) const NEVER_THERE: bool = true;

    pub(super) fn is_there() -> bool {
        false
    }

    /// Readers execute their own fences.
    pub(super) fn on_all_threads() -> bool {
        fence(Ordering::SeqCst);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_grace_period_lasts_as_long_as_its_readers() {
        let outer = pin();
        let inner = pin();
        let mut grace = Grace::begin();
        assert!(!grace.is_over());
        drop(inner);
        assert!(!grace.is_over(), "the outer visit goes on");
        drop(outer);
        let _later = pin();
        assert!(is_over_for_me(&mut grace), "a later visit cannot see what was gone before it");
    }

    /// Other tests may read at the same time; their visits are short.
    fn is_over_for_me(grace: &mut Grace) -> bool {
        (0..1_000_000).any(|_| {
            std::thread::yield_now();
            grace.is_over()
        })
    }

    #[test]
    fn another_thread_holds_it_up_until_it_leaves() {
        let (entered, wait_entered) = mpsc::channel();
        let (leave, wait_leave) = mpsc::channel::<()>();
        let reader = std::thread::spawn(move || {
            let _pin = pin();
            entered.send(()).unwrap();
            wait_leave.recv().unwrap();
        });
        wait_entered.recv().unwrap();
        let mut grace = Grace::begin();
        assert!(!grace.is_over());
        leave.send(()).unwrap();
        reader.join().unwrap();
        assert!(is_over_for_me(&mut grace));
    }

    #[test]
    fn ended_threads_return_their_records() {
        struct AtTheEnd;
        impl Drop for AtTheEnd {
            fn drop(&mut self) {
                drop((pin(), pin()));
            }
        }
        thread_local!(static LAST: AtTheEnd = const { AtTheEnd });
        for _ in 0..500 {
            // Made before the record's own guard, hence dropped after it.
            std::thread::spawn(|| LAST.with(|_| drop(pin()))).join().unwrap();
        }
        assert!(records() < 200, "{} records for one thread at a time", records());
    }
}
