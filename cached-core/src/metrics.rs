//! What caches count, for the facade `metrics` and whatever exporter the program has installed; with the feature `metrics`.
//!
//! | metric | labels | |
//! |---|---|---|
//! | `cache_lookups_total` | `cache`, `result`: `hit`, `miss` or `coalesced` | calls; `coalesced` ones waited for another's load |
//! | `cache_load_duration_seconds` | `cache` | how long each run of the body took, whatever came of it, with the loads inside of it |
//! | `cache_evictions_total` | `cache`, `cause`: `size`, `expired` or `explicit` | entries that were removed to make room, for age, on request |
//! | `cache_entries` | `cache` | entries held now |
//!
//! `cache` is the name in reports; caches of one name (those of instances, for one) are added up. A key is never in a label.
//!
//! A hit tells nobody anything: it counts where it always does, and [`publish`] hands on what was counted, when it is asked to. Call it
//! from what answers the scrape, or every few seconds. Only durations are recorded as loads end, each timed exactly.
//!
//! ```
//! use cached_core::memoize;
//!
//! #[memoize]
//! fn price(id: u32) -> u32 {
//!     id * 100
//! }
//!
//! price(7);
//! cached_core::metrics::publish(); // before the exporter's `render()`
//! ```

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Weak};

use crate::info::CacheInfo;
use crate::store::AnyStore;
use crate::sync::StaticMutex;
use crate::telemetry::LOAD_DURATION;
use crate::{registry, scope};

const LOOKUPS: &str = "cache_lookups_total";
const EVICTIONS: &str = "cache_evictions_total";
const ENTRIES: &str = "cache_entries";

/// Names of the counters, the values of their second label, and where in [`Counts`] they are.
const COUNTERS: [(&str, &str, &str); 6] = [
    (LOOKUPS, "result", "hit"),
    (LOOKUPS, "result", "miss"),
    (LOOKUPS, "result", "coalesced"),
    (EVICTIONS, "cause", "size"),
    (EVICTIONS, "cause", "expired"),
    (EVICTIONS, "cause", "explicit"),
];

type Counts = [u64; COUNTERS.len()];

fn counts(info: &CacheInfo) -> Counts {
    [info.hits, info.misses, info.coalesced, info.evictions, info.expirations, info.invalidations]
}

/// What has been published. Counters only rise: whatever is reset, or gone with its cache, has been counted nevertheless.
#[derive(Default)]
struct Ledger {
    totals: BTreeMap<&'static str, Counts>,
    /// What each cache had counted at the last time.
    seen: HashMap<usize, (Weak<dyn AnyStore>, Counts)>,
}

static LEDGER: StaticMutex<Option<Ledger>> = StaticMutex::new(None);

/// Hands on what all caches have counted: counters as their totals since the process began, and how many entries there are.
///
/// What a cache counted after the last call, and before it was dropped, is lost. Inside of a test's scope, the
/// caches are the scope's, and so are the counts.
///
/// Cost: that of looking at each cache once; some 2 us each.
pub fn publish() {
    describe();
    let isolated = scope::isolation().is_some();
    let stores = registry::stores();
    let infos: Vec<CacheInfo> = stores.iter().map(|store| store.info()).collect();
    let mut entries: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (store, info) in stores.iter().zip(&infos) {
        *entries.entry(store.name()).or_default() += info.len;
    }
    let totals = if isolated {
        let mut ledger = Ledger::default();
        ledger.add(&stores, &infos);
        ledger.totals
    } else {
        let mut ledger = LEDGER.lock();
        let ledger = ledger.get_or_insert_default();
        ledger.add(&stores, &infos);
        ledger.totals.clone()
    };
    for (cache, counts) in totals {
        for ((name, label, value), count) in COUNTERS.into_iter().zip(counts) {
            ::metrics::counter!(name, "cache" => cache, label => value).absolute(count);
        }
        let held = entries.get(cache).copied().unwrap_or(0);
        ::metrics::gauge!(ENTRIES, "cache" => cache).set(held as f64);
    }
}

impl Ledger {
    fn add(&mut self, stores: &[Arc<dyn AnyStore>], infos: &[CacheInfo]) {
        // As long as it is known here, no other cache comes to have its address.
        self.seen.retain(|_, (store, _)| store.strong_count() > 0);
        for (store, info) in stores.iter().zip(infos) {
            let (now, total) = (counts(info), self.totals.entry(store.name()).or_default());
            let address = Arc::as_ptr(store).cast::<()>().addr();
            let (_, before) =
                self.seen.entry(address).or_insert_with(|| (Arc::downgrade(store), Counts::default()));
            for ((total, now), before) in total.iter_mut().zip(now).zip(*before) {
                // Less than before: it was reset since.
                *total += if now < before { now } else { now - before };
            }
            *before = now;
        }
    }
}

/// Says what each metric is.
fn describe() {
    use ::metrics::Unit;
    ::metrics::describe_counter!(LOOKUPS, Unit::Count, "Calls of memoized functions, by their result");
    ::metrics::describe_counter!(EVICTIONS, Unit::Count, "Entries removed from caches, by the cause");
    ::metrics::describe_gauge!(ENTRIES, Unit::Count, "Entries that caches hold");
    ::metrics::describe_histogram!(LOAD_DURATION, Unit::Seconds, "How long runs of memoized bodies took");
}
