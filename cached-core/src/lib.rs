//! Memoization for functions that are worth it: [`#[memoize]`](macro@memoize) turns an expensive function into one
//! that runs once for equal arguments, and gives it verbs to look at its cache and to change it.
//!
//! ```
//! use cached_core::memoize;
//!
//! /// Price of an item in a currency.
//! #[memoize(ttl = 60s, max = 10_000, policy = lru)]
//! pub fn price(id: u32, currency: &str) -> String {
//!     format!("{id} costs 12.50 {currency}") // imagine a query here
//! }
//!
//! price(7, "EUR"); // a miss: runs the body
//! price(7, "EUR"); // a hit: allocates nothing but the clone of the value
//! assert_eq!(price::cache_info().hits, 1);
//!
//! price::invalidate(7, "EUR"); // the function's own arguments
//! price::clear();
//! price::uncached(7, "EUR"); // the body itself
//! ```
//!
//! # What a call means
//!
//! - **A hit** clones the value. It takes no exclusive lock, allocates nothing, not even for a `&str` argument, and reads
//!   the clock only where something ages.
//! - **Single flight.** Concurrent misses of one key share one run of the body, over threads and tasks. Only callers of that
//!   key wait. See [`macro@memoize`] for what that means for an `async fn`.
//! - **Lease.** What a body read before its key was invalidated is not kept, and nobody who calls after the
//!   invalidation gets it. That holds for `invalidate`, `invalidate_if`, `clear`, `insert` and `refresh`, also when they
//!   are called from inside the body.
//! - **Failures.** Of a `Result` only `Ok` is kept, whatever the type is called. A failed load answers all who waited
//!   for it if its error can be cloned and shared; otherwise they try one after the other. A panic reaches the caller
//!   that ran the body; those who waited load for themselves.
//! - **Recursion.** A memoized function may call itself with other arguments, to any depth the stack holds. The same
//!   arguments again, or a circle over several functions and threads, is a panic that names the circle, never a
//!   deadlock: `cyclic memoized call: a(1) -> b(1) -> a(1)`.
//! - **No lock is held while your code runs**: the body, `Hash`, `Eq`, `Clone`, `Drop`. Any of them may call back into
//!   the cache, and a panic in any of them leaves it whole.
//! - **No thread** keeps house. What is too old is cleared away by later calls, a bounded number at a time. Where options ask for threads,
//!   they are started when there is something to do and end when there is not: a few that reload (`refresh_after`, `soft_timeout`), and one that
//!   wakes tasks (`load_timeout`, the window of a batch) where the program has no timer, or where many wait for a load that borrows and that
//!   its caller lets lie. A [`WriteBehind`] has one of its own.
//!
//! # When work is done, and how it fails
//!
//! | | the work is done | a failure is | seen in |
//! |---|---|---|---|
//! | `#[memoize]` | in the call, once for all who wait | the result of all who waited for it, where it can be shared | the return type |
//! | [`lazy`](macro@memoize#lazy) | when it is forced or awaited | the result of forcing; forced again, it is tried again | [`Lazy<T>`](Lazy), [`LazyFuture<T>`](LazyFuture); `created`, `forced` |
//! | [`batch`](macro@memoize#batch-max_batch--100-window--1ms), a slice | in the call, many keys in a run | the call's, where the run fails; a key's own in `Vec<Result<V, E>>` | the return type; `batches` |
//! | the same, `load` | after others had a chance to come along | that of its key, or of the run it shared with others | the return type; `batches` |
//! | [`WriteBehind`] | after the call has returned, by a worker | nobody's result: tried again, then a dead letter | [`write_behind`]: `flush`, dead letters, its `info` |
//!
//! Further down the table work is cheaper and comes later. A lazy call may never pay; a load waits so that others can share its
//! run; a write-behind writer is told that its write was accepted, not that it was stored, and what a killed process loses is stated in
//! [`write_behind`].
//!
//! # Limits, stated as plainly
//!
//! - Single flight is per process. Invalidation knows nothing of your database's transactions: call it after the commit.
//! - A caller that began before an invalidation may still get the older value.
//! - `policy = lru` is exact in what one thread does. Uses of several threads between two changes of the cache are
//!   ordered only as far as those threads have seen each other's. A hit only notes its time, and the order is settled when
//!   room is needed: an insertion after very many hits pays for them (a million hits of a million entries: some 100 ms,
//!   once).
//! - On `wasm32-unknown-unknown` there is no clock: nothing ages there, and loads take no time.
//! - Memoized functions are not for signal handlers, and a process should fork before it first uses one. A child that finds
//!   a load of its parent's under way, which nobody will end there, runs its own; but what another thread of the parent had
//!   locked at the moment of the fork stays locked in the child.
//!
//! # In production
//!
//! Counters cost next to nothing and are always on. Four ways to look at them, from the nearest to the farthest:
//!
//! | | shows |
//! |---|---|
//! | `println!("{}", price::cache_info())` | one function, in one line; its fields are public, and with the feature `serde` JSON |
//! | [`registry::report()`](registry::report) | all caches in a table, the largest time saved first, with [advice](CacheInfo::advice) |
//! | the feature `metrics` | lookups, evictions, entries and load times for an exporter: the module `metrics`, the example `monitor` |
//! | the feature `tracing` | a `DEBUG` span `cache_load` around each load, with the field `cache`; a `WARN` event when a cache has lost as many entries within 10 s as it holds. Target: `cached_core` |
//!
//! Keys and values are in none of them.
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `macros` (default) | the attributes |
//! | `tokio` | reloads of asynchronous functions are spawned on the runtime they are called in; see [`runtime`] |
//! | `journal` | [`WriteBehind`] with a journal on disk |
//! | `metrics` | counts and load times for the facade `metrics`. Each load is timed exactly then, which costs some 50 ns |
//! | `tracing` | spans and events of the facade `tracing` |
//! | `serde` | `Serialize` for [`CacheInfo`] |
//! | `terminal` | the report asks the terminal how wide it is; without it the variable `COLUMNS` says so, or else it is 80 |
//!
//! # Where to go on
//!
//! - [`macro@memoize`]: the options, with an example each, and what cannot be memoized.
//! - [`Cache`]: a cache and not a function.
//! - [`Memo`]: the verbs by key. [`CacheInfo`]: what is counted.
//! - [`policy`]: who leaves when a cache is full, and how to write a policy of one's own.
//! - [`registry`]: all memoized functions of the process, and a report on them.
//! - [`testing::isolate`]: caches and a clock for one test alone. [`Scope`]: the same for a request.
//! - [`Lazy`]: calls that have not been made yet.

// Expansions name `::cached_core`, also in this crate's own examples.
#[allow(unused_extern_crates, reason = "used where an attribute is")]
extern crate self as cached_core;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod advice;
mod alarm;
mod asked;
mod batch;
mod call;
mod checked;
mod clock;
mod companion;
mod context;
mod direct;
mod engine;
/// For the fuzzer alone.
#[cfg(fuzzing)]
#[doc(hidden)]
pub use engine::program::fuzz as __fuzz_table;
mod epoch;
mod errors;
mod face;
mod fallible;
mod field;
mod fit;
mod flight;
mod flights;
mod fresh;
mod gate;
mod global;
pub mod guide;
mod hooks;
mod info;
#[cfg(feature = "serde")]
mod info_serde;
mod key;
mod late;
mod lazy;
mod lease;
mod level;
mod limit;
mod macros;
mod memo;
mod method;
#[cfg(feature = "metrics")]
pub mod metrics;
mod options;
mod outcome;
pub mod policy;
mod probe;
pub mod registry;
mod reload;
mod removal;
mod report;
mod ride;
mod roll;
pub mod runtime;
mod scope;
mod site;
mod sleep;
mod soft;
mod soft_async;
mod spec;
mod still;
mod stopwatch;
mod store;
mod store_async;
mod store_batch;
mod store_batch_async;
mod store_warm;
mod store_warm_batch;
mod sync;
mod tagging;
mod tags;
mod telemetry;
pub mod testing;
mod thread;
mod unmade;
mod warm;
mod whose;
#[cfg(not(shuttle))]
mod workers;
/// A schedule explorer has no threads but those of its scenario: callers reload for themselves.
#[cfg(shuttle)]
mod workers {
    type Job = Box<dyn FnOnce() + Send>;

    pub(crate) fn run(job: Job) -> Result<(), Job> {
        Err(job)
    }

    pub(crate) fn is_one() -> bool {
        false
    }

    pub(crate) fn keep_up() -> bool {
        true
    }
}
pub mod write_behind;
mod written;
#[doc(hidden)]
pub mod yields;

pub use advice::Advice;
pub use batch::BatchLengthError;
#[cfg(feature = "macros")]
#[doc = include_str!("memoize.md")]
pub use cached_macros::memoize;
#[cfg(feature = "macros")]
#[doc = include_str!("writers.md")]
pub use cached_macros::{invalidates, updates};
#[doc(hidden)]
pub use companion::no_such_verb;
pub use direct::{Cache, CacheBuilder, Detached, IntoKey};
pub use equivalent::Equivalent;
pub use info::CacheInfo;
pub use key::{Float, KeyOf};
pub use late::LoadTimeout;
pub use lazy::{Lazy, LazyFuture};
pub use memo::Memo;
#[doc(hidden)]
pub use memo::Static;
pub use policy::PolicyKind;
pub use removal::RemovalCause;
pub use scope::Scope;
pub use tags::Tag;
pub use thread::Local;
pub use warm::{Warm, Warmed};
pub use write_behind::WriteBehind;

/// The README's examples run as tests.
#[cfg(all(doctest, feature = "macros"))]
#[doc = include_str!("../../README.md")]
struct Readme;
