//! Functions whose options are chosen when they run: `crate = ..` has their expansions name this module in the library's
//! place, and what it gives them for the options that they were written with are those that the thread has chosen.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use cached_core::{CacheInfo, Memo, PolicyKind, memoize};

/// What can be said in the attribute's parentheses. Times are seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chosen {
    pub(super) policy: Option<PolicyKind>,
    pub(super) max: Option<usize>,
    pub(super) max_weight: Option<u64>,
    pub(super) ttl: Option<u64>,
    /// The time to live is worked out for each value, see [`life_of`].
    pub(super) ttl_of: bool,
    pub(super) idle: Option<u64>,
    pub(super) jitter: f64,
    pub(super) refresh_after: Option<u64>,
    pub(super) stale_if_error: Option<u64>,
    pub(super) retry_after: Option<u64>,
    /// Keeps what [`is_kept`].
    pub(super) store_if: bool,
    /// How many hashes there are for the keys.
    pub(super) hashes: u8,
}

thread_local!(static CHOSEN: Cell<Option<Chosen>> = const { Cell::new(None) });

/// Caches that are made from now on by this thread have these options.
pub(super) fn choose(chosen: Chosen) {
    CHOSEN.set(Some(chosen));
}

fn chosen() -> Chosen {
    CHOSEN.get().expect("a cache is made after its options were chosen")
}

/// How long a value lives where that is asked of each.
pub(super) fn life_of(value: u64) -> Duration {
    [Duration::ZERO, Duration::from_secs(3), Duration::from_secs(20), Duration::MAX]
        [usize::try_from(value % 4).unwrap_or(0)]
}

pub(super) fn weight_of(value: u64) -> u64 {
    value % 13
}

pub(super) fn is_kept(value: u64) -> bool {
    value % 5 != 0
}

/// What stands in the library's place.
#[expect(unreachable_pub, reason = "named by expansions")]
pub mod library {
    pub use cached_core::*;

    pub mod __private {
        use std::marker::PhantomData;
        use std::time::Duration;

        pub use super::super::library as this_crate;
        pub use cached_core::__private::*;

        use crate::model::chosen::{self, Key};

        pub struct Options;

        impl Options {
            pub fn new() -> Self {
                Self
            }

            pub fn refresh_after(self, _: Duration) -> cached_core::__private::Options {
                let (mut options, chosen) = (cached_core::__private::Options::new(), chosen::chosen());
                macro_rules! said {
                    ($($name:ident)*) => { $(
                        if let Some(value) = chosen.$name {
                            options = options.$name(value);
                        }
                    )* };
                }
                said!(policy max max_weight ttl idle refresh_after stale_if_error retry_after);
                options.jitter(chosen.jitter)
            }
        }

        pub struct Hooks<K, V>(PhantomData<fn() -> (K, V)>);

        impl Hooks<Key, u64> {
            pub fn new() -> Self {
                Self(PhantomData)
            }

            pub fn store_if<F: Fn(&u64) -> bool>(self, _: F) -> cached_core::__private::Hooks<Key, u64> {
                let (mut hooks, chosen) = (cached_core::__private::Hooks::new(), chosen::chosen());
                if chosen.store_if {
                    hooks = hooks.store_if(|value| chosen::is_kept(*value));
                }
                if chosen.max_weight.is_some() {
                    hooks = hooks.weigher(|_, value| chosen::weight_of(*value));
                }
                if chosen.ttl_of {
                    hooks = hooks.ttl(|_, value| chosen::life_of(*value));
                }
                hooks
            }
        }
    }
}

/// How a body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Value,
    Error,
    Panic,
}

/// What a body does to its own cache before it ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum Inside {
    Nothing,
    Invalidate(u8),
    Insert,
    Clear,
    Peek(u8),
}

/// What the next body is to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Script {
    pub(super) value: u64,
    pub(super) end: End,
    pub(super) inside: Inside,
    /// What it inserts, if that is what it does.
    pub(super) inserts: u64,
}

/// What bodies are told, on whatever thread they run.
pub(super) struct World {
    subject: &'static Subject,
    hashes: u8,
    next: Mutex<Option<Script>>,
}

impl World {
    pub(super) fn new(subject: &'static Subject, hashes: u8) -> Arc<Self> {
        Arc::new(Self { subject, hashes, next: Mutex::new(None) })
    }

    /// Says what the next body does; gives what no body has done.
    pub(super) fn script(&self, script: Option<Script>) -> Option<Script> {
        std::mem::replace(&mut *self.next.lock().unwrap_or_else(PoisonError::into_inner), script)
    }

    pub(super) fn key(self: &Arc<Self>, number: u8) -> Key {
        Key { number, world: Arc::clone(self) }
    }
}

/// A number, with its world at hand.
#[derive(Clone)]
pub struct Key {
    pub(super) number: u8,
    world: Arc<World>,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.number % self.world.hashes).hash(state);
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)
    }
}

/// Thrown by bodies that are to panic: told to nobody.
struct Boom;

impl Key {
    /// The body.
    fn run(&self) -> Result<u64, u64> {
        let (world, subject) = (&self.world, self.world.subject);
        let Script { value, end, inside, inserts } = world.script(None).expect("nobody asked for this load");
        match inside {
            Inside::Nothing => {}
            Inside::Invalidate(number) => drop((subject.invalidate)(&world.key(number))),
            Inside::Insert => (subject.insert)(self, inserts),
            Inside::Clear => drop((subject.clear)()),
            Inside::Peek(number) => drop((subject.peek)(&world.key(number))),
        }
        match end {
            End::Value => Ok(value),
            End::Error => Err(value),
            End::Panic => resume_unwind(Box::new(Boom)),
        }
    }
}

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Value(u64),
    Error(u64),
    Panic,
}

fn caught(call: impl FnOnce() -> Result<u64, u64>) -> Answer {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Answer::Value(value),
        Ok(Err(error)) => Answer::Error(error),
        Err(panic) if panic.is::<Boom>() => Answer::Panic,
        Err(panic) => resume_unwind(panic),
    }
}

/// Drives a future whose body wakes itself.
fn drive<R>(future: impl Future<Output = R>) -> R {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..8 {
        if let Poll::Ready(result) = future.as_mut().poll(&mut context) {
            return result;
        }
    }
    panic!("a call that nobody else has to do with does not end");
}

/// Lets others go first once.
async fn pause() {
    struct Pause(bool);
    impl Future for Pause {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
            cx.waker().wake_by_ref();
            if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
        }
    }
    Pause(false).await;
}

/// A function under test, whatever its form.
pub(super) struct Subject {
    pub(super) name: &'static str,
    pub(super) call: fn(&Key) -> Answer,
    pub(super) refresh: fn(&Key) -> Answer,
    pub(super) peek: fn(&Key) -> Option<u64>,
    pub(super) contains: fn(&Key) -> bool,
    pub(super) insert: fn(&Key, u64),
    pub(super) invalidate: fn(&Key) -> bool,
    pub(super) invalidate_if: fn(&mut dyn FnMut(&Key, &u64) -> bool) -> usize,
    pub(super) clear: fn() -> usize,
    pub(super) info: fn() -> CacheInfo,
    pub(super) memo: fn() -> &'static Memo<Key, u64>,
    /// Whether its bodies can fail.
    pub(super) fails: bool,
    /// Whether another thread reloads what has grown old, so that the caller gets what was there.
    pub(super) ahead: bool,
}

/// Its arguments after the name: how a key is given to the function, and what is made of what it returns.
macro_rules! subject {
    ($f:ident, $give:expr, $result:expr, fails: $fails:expr, ahead: $ahead:expr) => {
        Subject {
            name: stringify!($f),
            call: |key| caught(|| $result($f($give(key)))),
            refresh: |key| caught(|| $result($f::refresh($give(key)))),
            peek: |key| $f::peek($give(key)),
            contains: |key| $f::contains($give(key)),
            insert: |key, value| $f::insert($give(key), value),
            invalidate: |key| $f::invalidate($give(key)),
            invalidate_if: |matches| $f::invalidate_if(matches),
            clear: || $f::clear(),
            info: || $f::cache_info(),
            memo: || $f::cache(),
            fails: $fails,
            ahead: $ahead,
        }
    };
}

#[memoize(crate = crate::model::chosen::library, refresh_after = Duration::MAX, store_if = |_| true)]
fn plain(key: Key) -> u64 {
    key.run().unwrap_or_else(|error| error)
}

#[memoize(crate = crate::model::chosen::library, refresh_after = Duration::MAX, store_if = |_| true)]
fn fallible(key: Key) -> Result<u64, u64> {
    key.run()
}

#[memoize(crate = crate::model::chosen::library, refresh_after = Duration::MAX, store_if = |_| true)]
async fn task(key: Key) -> Result<u64, u64> {
    pause().await;
    key.run()
}

#[memoize(crate = crate::model::chosen::library, refresh_after = Duration::MAX, store_if = |_| true)]
async fn borrowing(key: &Key) -> Result<u64, u64> {
    pause().await;
    key.run()
}

pub(super) static SUBJECTS: [Subject; 4] = [
    subject!(plain, Key::clone, Ok, fails: false, ahead: true),
    subject!(fallible, Key::clone, |result| result, fails: true, ahead: true),
    subject!(task, Key::clone, drive, fails: true, ahead: false),
    subject!(borrowing, |key| key, drive, fails: true, ahead: false),
];
