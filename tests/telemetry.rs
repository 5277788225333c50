//! What the facades `metrics` and `tracing` are told.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::Once;
use std::time::Duration;

use cached_core::{Cache, memoize, metrics::publish, testing};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::set_global_default;
use tracing::{Event, Metadata, Subscriber};

/// All that was recorded: `name{label="value",..}` and what it holds. Taking a look empties histograms.
fn recorded(snapshotter: &Snapshotter) -> BTreeMap<String, DebugValue> {
    let all = snapshotter.snapshot().into_vec().into_iter().map(|(key, _, _, value)| {
        let mut labels: Vec<_> =
            key.key().labels().map(|label| format!("{}={:?}", label.key(), label.value())).collect();
        labels.sort();
        (format!("{}{{{}}}", key.key().name(), labels.join(",")), value)
    });
    all.collect()
}

/// Runs something with a recorder of its own.
fn recording(run: impl FnOnce(&Snapshotter)) {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || run(&snapshotter));
}

fn count(all: &BTreeMap<String, DebugValue>, series: &str) -> u64 {
    match all.get(series) {
        Some(DebugValue::Counter(count)) => *count,
        other => panic!("{series}: {other:?} of {all:?}"),
    }
}

fn durations(all: &BTreeMap<String, DebugValue>, series: &str) -> Vec<f64> {
    match all.get(series) {
        Some(DebugValue::Histogram(values)) => values.iter().map(|value| value.into_inner()).collect(),
        other => panic!("{series}: {other:?} of {all:?}"),
    }
}

#[memoize(name = "price", max = 2, policy = lru, ttl = 60s)]
fn price(id: u64) -> Result<u64, String> {
    if id == 13 { Err("unlucky".to_owned()) } else { Ok(id * 100) }
}

#[test]
fn counts_are_published_when_asked_for() {
    let scope = testing::isolate();
    recording(|snapshotter| {
        for id in [1, 1, 1, 2, 3, 13] {
            drop(price(id));
        }
        price::invalidate(3);
        scope.advance(Duration::from_secs(60));
        drop(price(1));
        let before = recorded(snapshotter);
        assert_eq!(before.keys().collect::<Vec<_>>(), [r#"cache_load_duration_seconds{cache="price"}"#]);
        assert_eq!(durations(&before, r#"cache_load_duration_seconds{cache="price"}"#).len(), 5);
        publish();
        let all = recorded(snapshotter);
        let lookups = ["hit", "miss", "coalesced"]
            .map(|result| count(&all, &format!(r#"cache_lookups_total{{cache="price",result="{result}"}}"#)));
        assert_eq!(lookups, [2, 5, 0]);
        let evictions = ["size", "expired", "explicit"]
            .map(|cause| count(&all, &format!(r#"cache_evictions_total{{cache="price",cause="{cause}"}}"#)));
        assert_eq!(evictions, [1, 1, 1]);
        assert_eq!(all[r#"cache_entries{cache="price"}"#], DebugValue::Gauge(1.0.into()));
        assert_eq!(all.len(), 8, "no other series, and no key in a label: {all:?}");
    });
}

#[test]
fn a_load_is_recorded_with_its_duration_whoever_runs_it() {
    #[memoize(name = "slow")]
    fn slow(n: u64) -> u64 {
        let begun = std::time::Instant::now();
        while begun.elapsed() < Duration::from_millis(2) {}
        n
    }
    #[memoize(name = "fetch")]
    async fn fetch(n: u64) -> u64 {
        slow(n)
    }
    #[memoize(name = "borrowed")]
    async fn borrowed(text: &str) -> usize {
        text.len()
    }
    #[memoize(name = "many", batch)]
    fn many(ids: &[u64]) -> Vec<u64> {
        ids.to_vec()
    }
    #[memoize(name = "panics")]
    fn panics(n: u64) -> u64 {
        panic!("at {n}")
    }
    let _scope = testing::isolate();
    recording(|snapshotter| {
        pollster::block_on(async { (fetch(1).await, fetch(1).await, borrowed("abc").await) });
        many(&[1, 2, 3]);
        assert!(std::panic::catch_unwind(|| panics(1)).is_err());
        let all = recorded(snapshotter);
        let of = |cache: &str| durations(&all, &format!(r#"cache_load_duration_seconds{{cache="{cache}"}}"#));
        assert_eq!(["fetch", "borrowed", "many", "panics"].map(|cache| of(cache).len()), [1, 1, 1, 1]);
        assert!(of("slow")[0] >= 0.002 && of("fetch")[0] >= of("slow")[0], "with the loads inside");
    });
}

#[test]
fn counters_only_rise() {
    // Of the process: no other test uses these names.
    recording(|snapshotter| {
        let hits = r#"cache_lookups_total{cache="rising",result="hit"}"#;
        let entries = r#"cache_entries{cache="rising"}"#;
        let make = || -> Cache<u32, u32> {
            let cache = Cache::builder().name("rising").build();
            cache.insert(1, 10);
            cache
        };
        let (first, second) = (make(), make());
        (0..5).for_each(|_| assert_eq!(first.get(&1), Some(10)));
        second.get(&1);
        publish();
        let all = recorded(snapshotter);
        assert_eq!((count(&all, hits), &all[entries]), (6, &DebugValue::Gauge(2.0.into())));
        first.reset_info();
        first.get(&1);
        publish();
        assert_eq!(count(&recorded(snapshotter), hits), 7, "a reset takes nothing away");
        drop((first, second));
        let third = make();
        third.get(&1);
        publish();
        let all = recorded(snapshotter);
        assert_eq!((count(&all, hits), &all[entries]), (8, &DebugValue::Gauge(1.0.into())));
        drop(third);
        publish();
        let all = recorded(snapshotter);
        assert_eq!((count(&all, hits), &all[entries]), (8, &DebugValue::Gauge(0.0.into())));
    });
}

/// What one thread was told of spans and events.
#[derive(Clone, Default)]
struct Listener(Rc<RefCell<Vec<String>>>);

impl Listener {
    /// Tells a new listener what this thread does in the meantime.
    fn listening(run: impl FnOnce(&Self)) {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| set_global_default(Ears).expect("no other is set here"));
        let listener = Self::default();
        LISTENING.set(Some(listener.clone()));
        run(&listener);
        LISTENING.set(None);
    }

    fn heard(&self) -> Vec<String> {
        self.0.take()
    }
}

thread_local! {
    static LISTENING: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Hears all threads, so that whoever comes first to a span finds somebody listening: with a subscriber for one
/// thread only, a test on another thread could have that span switched off for all.
struct Ears;

impl Ears {
    fn note(what: &str, metadata: &Metadata<'_>, fields: impl FnOnce(&mut Fields)) {
        let mut text = Fields(format!("{what} {} {}", metadata.level(), metadata.target()));
        fields(&mut text);
        Self::write(text.0);
    }

    fn write(text: String) {
        if let Some(listener) = LISTENING.with_borrow(Clone::clone) {
            listener.0.borrow_mut().push(text);
        }
    }
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0 += &format!(" {}={value:?}", field.name());
    }
}

impl Subscriber for Ears {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "cached_core" || metadata.target() == module_path!()
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        Self::note(&format!("new {}", span.metadata().name()), span.metadata(), |fields| span.record(fields));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        Self::note("event", event.metadata(), |fields| event.record(fields));
    }

    fn enter(&self, _: &Id) {
        Self::write("in".to_owned());
    }

    fn exit(&self, _: &Id) {
        Self::write("out".to_owned());
    }
}

const LOAD: &str = "new cache_load DEBUG cached_core";

#[test]
fn a_span_is_around_each_load_and_no_hit() {
    #[memoize(name = "told")]
    fn told(n: u64) -> u64 {
        tracing::info!("in the body");
        n
    }
    let _scope = testing::isolate();
    Listener::listening(|listener| {
        told(1);
        let body = "event INFO telemetry message=in the body".to_owned();
        assert_eq!(listener.heard(), [format!(r#"{LOAD} cache="told""#), "in".into(), body, "out".into()]);
        told(1);
        told::peek(2);
        assert_eq!(listener.heard(), [""; 0]);
    });
}

#[test]
fn a_span_is_entered_whenever_a_future_is_polled() {
    #[memoize(name = "polled")]
    async fn polled(n: u64) -> u64 {
        let mut first = true;
        std::future::poll_fn(|cx| {
            cx.waker().wake_by_ref();
            if std::mem::take(&mut first) { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
        })
        .await;
        n
    }
    #[memoize(name = "borrowing")]
    async fn borrowing(text: &str) -> usize {
        text.len()
    }
    let _scope = testing::isolate();
    Listener::listening(|listener| {
        pollster::block_on(polled(1));
        let heard = listener.heard();
        assert_eq!(heard[0], format!(r#"{LOAD} cache="polled""#));
        // Once more to drop what it held.
        let entered = heard.iter().filter(|what| *what == "in").count();
        assert!(entered >= 2 && heard.iter().filter(|what| *what == "out").count() == entered, "{heard:?}");
        pollster::block_on(async { (polled(1).await, borrowing("abc").await, borrowing("abc").await) });
        let heard = listener.heard();
        assert_eq!(heard.iter().filter(|what| what.starts_with("new")).count(), 1, "{heard:?}");
        assert_eq!(heard[0], format!(r#"{LOAD} cache="borrowing""#));
    });
}

#[test]
fn a_storm_of_evictions_is_an_event_and_only_one() {
    #[memoize(name = "stormy", max = 100, policy = fifo)]
    fn stormy(n: u64) -> u64 {
        n
    }
    let scope = testing::isolate();
    let storms = |listener: &Listener| -> Vec<String> {
        listener.heard().into_iter().filter(|what| what.starts_with("event")).collect()
    };
    Listener::listening(|listener| {
        // As many as it holds, but slowly.
        for n in 0..300 {
            scope.advance(Duration::from_millis(200));
            stormy(n);
        }
        assert_eq!(storms(listener), [""; 0]);
        scope.advance(Duration::from_secs(60));
        for n in 1_000..2_000 {
            scope.advance(Duration::from_millis(1));
            stormy(n);
        }
        let fields = r#"message=eviction storm cache="stormy" evicted=100 entries=100 seconds=0.099"#;
        assert_eq!(storms(listener), [format!("event WARN cached_core {fields}")]);
        scope.advance(Duration::from_secs(60));
        (3_000..3_500).for_each(|n| assert_eq!(stormy(n), n));
        assert_eq!(storms(listener).len(), 1);
    });
}
