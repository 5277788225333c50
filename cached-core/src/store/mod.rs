//! The state of one cache and the way of a call through it: look up, else board a flight, run the body, publish.
//!
//! A [`Memo`](crate::Memo) is what a function has; it has one store for the process and one for each scope in which
//! it is used.

use std::any::Any;
use std::hash::{BuildHasher, Hasher};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

// Not `fast`: that maps numbers in a row to hashes in a row, which with an unlucky seed (one process in twenty) lie in a
// few heaps, and linear probing walks through these.
use foldhash::quality as hashing;

use crate::clock::Clock;
use crate::context::Frame;
use crate::engine::age::Ages;
use crate::engine::order::Ticket;
use crate::engine::table::Table;
use crate::errors::Errors;
use crate::flight::Label;
use crate::flights::Flights;
use crate::hooks::{Hooked, Hooks};
use crate::info::{CacheInfo, Count, Counters};
use crate::key::Lookup;
use crate::options::Options;
use crate::sync::assert_unguarded;
use crate::tagging::Tagging;
use crate::telemetry::{self, Storms};

mod any;
mod errors;
mod instead;
mod load;
mod plain;
mod read;
mod run;
mod simple;
mod tags;
mod task;
mod write;

pub(crate) use any::AnyStore;
pub(crate) use errors::Debris;
pub(crate) use load::{Begin, Replaced};
pub(crate) use run::Run;
pub(crate) use simple::{AnyLoad, Runs, SimpleLoad};
pub(crate) use task::{TaskCall, TaskLoad};

/// See the module's words.
pub(crate) struct Store<K, V> {
    label: Label<K>,
    table: Table<K, V>,
    core: Core,
}

/// What of a store does not depend on the types of keys and values.
pub(crate) struct Core {
    name: &'static str,
    options: Options,
    hooks: Hooked,
    ages: Ages,
    /// Keyed by chance, once per store: who chooses the keys cannot choose their hashes.
    hasher: hashing::RandomState,
    clock: Clock,
    /// Whether nothing is asked of a value but that it is kept, for a time perhaps: neither tags, a listener, a weight, a
    /// condition, a time of its own nor any use beyond its time.
    is_simple: bool,
    /// The same, and nothing ages.
    is_plain: bool,
    errors: Option<Box<dyn Errors>>,
    flights: Arc<Flights>,
    tagging: Option<Tagging>,
    counters: Counters,
    tags: Option<tags::Tags>,
    storms: Storms,
    /// What only some functions need, of a type that they alone know.
    extra: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl<K, V> Deref for Store<K, V> {
    type Target = Core;

    #[inline(always)]
    fn deref(&self) -> &Core {
        &self.core
    }
}

impl Core {
    pub(crate) fn new(name: &'static str, options: Options, hooks: Hooked, clock: Clock) -> Self {
        let asked = &hooks.asked;
        let tagging = Tagging::new(asked.tags_of_key, asked.tags_of_value);
        let tags = tagging.as_ref().map(|tagging| tags::Tags::new(tagging.index()));
        let ages = Ages { tagged: tags.is_some(), listens: asked.on_remove, ..options.fresh.ages(asked.ttl) };
        let is_simple = !ages.tagged
            && !ages.lingers()
            && !asked.any()
            && options.bound.max_weight.is_none()
            && options.keeps_anything();
        let errors = asked.errors.and_then(|(life, make)| make(&options.bound, life, tags.is_some()));
        Self {
            name,
            errors,
            flights: Arc::new(Flights::new(options.alone)),
            options,
            hooks,
            ages,
            hasher: hashing::RandomState::default(),
            clock,
            is_simple,
            is_plain: is_simple && !ages.any,
            tagging,
            counters: Counters::new(),
            tags,
            storms: Storms::default(),
            extra: OnceLock::new(),
        }
    }

    pub(crate) fn count_load(&self, ended: Count, time: Duration) {
        telemetry::loaded(self.name, time);
        self.counters.one(ended);
        self.counters.add(Count::LoadNanos, u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Has another store count on when this one goes.
    pub(crate) fn set_heir(&mut self, heir: Arc<dyn AnyStore>) {
        self.counters.set_heir(Box::new(move |counters| heir.counters().inherit(counters)));
    }
}

impl<K, V> Store<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    pub(crate) fn new(
        name: &'static str,
        label: Label<K>,
        options: Options,
        hooks: Hooked,
        clock: Clock,
    ) -> Self {
        Self::by(label, Core::new(name, options, hooks, clock))
    }

    /// A store of which all is made but what depends on its types.
    pub(crate) fn by(label: Label<K>, core: Core) -> Self {
        Self { label, table: Table::new(core.options.bound, core.ages), core }
    }

    /// One of which it is known that it is of these types.
    pub(crate) fn of(store: &dyn AnyStore) -> &Self {
        store.as_any().downcast_ref().expect("a function's stores are of one type")
    }

    /// The same of a hold of one.
    pub(crate) fn shared(store: Arc<dyn AnyStore>) -> Arc<Self> {
        store.into_any().downcast().expect("a function's stores are of one type")
    }

    fn hooks(&self) -> Option<&Hooks<K, V>> {
        self.core.hooks.get()
    }

    /// What only some functions need, made at first use.
    ///
    /// # Panics
    /// If asked for with two types.
    pub(crate) fn extra<T: Send + Sync + 'static>(&self, make: fn() -> T) -> &T {
        let extra = self.extra.get_or_init(|| Box::new(make()));
        extra.downcast_ref().expect("a store serves one function, which has one extra")
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The function's name, without its path.
    pub(crate) fn called(&self) -> &'static str {
        self.label.name
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How long a load may take.
    pub(crate) fn load_timeout(&self) -> Option<Duration> {
        self.options.fresh.load_timeout
    }

    /// How long a caller with an old value at hand waits for its reload.
    pub(crate) fn soft_timeout(&self) -> Option<Duration> {
        self.options.fresh.soft_timeout
    }

    pub(crate) fn count(&self, count: Count, by: u64) {
        self.counters.add(count, by);
    }

    /// Puts a body on this thread's stack.
    pub(crate) fn run(&self, frame: Arc<dyn Frame>) -> Run<'_> {
        Run::start(self.name, &self.counters, frame)
    }

    #[inline]
    pub(crate) fn hash(&self, key: &impl Lookup<K>) -> u64 {
        assert_unguarded();
        let mut hasher = self.core.hasher.build_hasher();
        key.hash_into(&mut hasher);
        hasher.finish()
    }

    pub(crate) fn count_miss(&self) {
        self.counters.one(Count::Misses);
    }

    /// The ticket of a key's entry, fresh or not.
    pub(crate) fn find(&self, hash: u64, key: &impl Lookup<K>) -> Option<Ticket> {
        self.table.find(hash, key, |_, _| ()).map(|(ticket, ())| ticket)
    }

    pub(crate) fn any(&self) -> &dyn AnyStore {
        self
    }

    pub(crate) fn reset_info(&self) {
        self.any().reset();
    }

    pub(crate) fn cache_info(&self) -> CacheInfo {
        self.any().info()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use foldhash::SharedSeed;

    use super::*;

    /// The most places in a row that are taken, where each hash takes the first free one from the place that its highest bits
    /// give it.
    fn longest_row(hashes: impl Iterator<Item = u64>, places: usize) -> usize {
        let mut taken = vec![false; places * 2];
        for hash in hashes {
            let from = usize::try_from(hash >> (64 - places.ilog2())).expect("it is a place");
            let free =
                taken[from..].iter().position(|taken| !taken).expect("there are more places than hashes");
            taken[from + free] = true;
        }
        taken.split(|taken| !taken).map(<[bool]>::len).max().unwrap_or(0)
    }

    #[test]
    fn numbers_in_a_row_are_found_as_quickly_as_any() {
        // For good, as a hasher wants it; what were leaked would be found by a sanitizer.
        static SEEDS: LazyLock<Vec<SharedSeed>> =
            LazyLock::new(|| (0..500).map(SharedSeed::from_u64).collect());
        for (process, seed) in (0..).zip(&*SEEDS) {
            let hasher = hashing::SeedableRandomState::with_seed(process, seed);
            // The index of a shelf takes the highest bits for the place.
            let hashes = (0..1000_u64).map(|number| hasher.hash_one(number));
            let row = longest_row(hashes, 2048);
            assert!(row < 100, "{row} with the seed {process}");
        }
    }
}
