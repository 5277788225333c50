//! Every memoized function of the process that was used, and every [`Cache`](crate::Cache): to look at, to clear, to report on.
//!
//! Inside of a test's [scope](crate::testing::isolate) all of this means the scope's own caches.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::info::CacheInfo;
use crate::roll::Roll;
use crate::scope;
use crate::store::AnyStore;
use crate::sync::StaticMutex;
use crate::tags::Tag;

static STORES: StaticMutex<Roll> = StaticMutex::new(Roll::new());
/// Those whose entries can have tags.
static TAGGED: StaticMutex<Roll> = StaticMutex::new(Roll::new());

pub(crate) fn register<S: AnyStore + 'static>(store: &Arc<S>) {
    STORES.lock().add(store);
    if store.is_tagged() {
        TAGGED.lock().add(store);
    }
}

fn stores() -> Vec<Arc<dyn AnyStore>> {
    match scope::isolation() {
        Some(scope) => scope.stores(),
        None => STORES.lock().all(),
    }
}

/// A memoized function's cache, whatever its types are.
#[derive(Clone)]
pub struct Entry(Arc<dyn AnyStore>);

impl Entry {
    /// The function's path, or the name it was given.
    pub fn name(&self) -> &'static str {
        self.0.name()
    }

    /// Counters and size, now.
    pub fn cache_info(&self) -> CacheInfo {
        self.0.info()
    }

    /// Forgets everything; the number of entries that were there. Counters stay.
    pub fn clear(&self) -> usize {
        self.0.clear_all()
    }

    /// Sets the counters to zero. Entries stay.
    pub fn reset_info(&self) {
        self.0.reset();
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.name()).finish()
    }
}

/// All memoized functions that were used, by name.
pub fn all() -> Vec<Entry> {
    let mut entries: Vec<Entry> = stores().into_iter().map(Entry).collect();
    entries.sort_by_key(Entry::name);
    entries
}

/// The memoized function of this name: the whole of it (`shop::prices::price`), or as many of its last parts as tell
/// it from the others (`price`). `None` if there is none, or if several fit.
pub fn find(name: &str) -> Option<Entry> {
    let entries = all();
    if let Some(exact) = entries.iter().find(|entry| entry.name() == name) {
        return Some(exact.clone());
    }
    let ends_so = |entry: &&Entry| {
        entry.name().strip_suffix(name).is_some_and(|path| !name.is_empty() && path.ends_with("::"))
    };
    let mut fitting = entries.iter().filter(ends_so);
    fitting.next().filter(|_| fitting.next().is_none()).cloned()
}

/// Forgets everything in all caches; the number of entries that were there. Counters stay.
pub fn clear_all() -> usize {
    all().iter().map(Entry::clear).sum()
}

/// Forgets all entries that have this tag, in all caches: O(1) for each cache with tags, however many entries there are. How
/// many entries that were, those among them that had expired already and were not cleared away yet.
///
/// A call that starts after this has returned never sees what was loaded before: a load that is running and has this tag, or
/// turns out to have it, is not kept, and such a call does not join it. The entries are not found any more from now on; a
/// thousand of them are taken out at once, the others by later operations, a bounded number by each.
///
/// ```
/// use cached_core::{Cache, registry};
///
/// let names: Cache<u64, String> = Cache::builder().tags(|id| [format!("user:{id}")]).build();
/// names.insert(7, "ada".to_owned());
/// names.insert(8, "ben".to_owned());
/// assert_eq!(registry::invalidate_tag("user:7"), 1);
/// assert!(!names.contains(&7) && names.contains(&8));
/// ```
pub fn invalidate_tag(tag: impl Into<Tag>) -> usize {
    let tag = tag.into();
    let mut tagged = match scope::isolation() {
        Some(scope) => scope.stores(),
        None => TAGGED.lock().all(),
    };
    // A request's caches are listed by nobody else.
    if let Some(request) = scope::current().filter(|scope| !scope.isolates()) {
        tagged.extend(request.stores());
    }
    tagged.iter().map(|store| store.forget_tag(&tag)).sum()
}

/// All caches in a table, the largest time saved first.
pub fn report() -> Report {
    let mut infos: Vec<CacheInfo> = all().iter().map(Entry::cache_info).collect();
    // Stable: those that saved the same stay in the order of their names.
    infos.sort_by_key(|info| std::cmp::Reverse(info.time_saved()));
    Report { infos }
}

/// What [`report`] found. Prints as a table of 80 columns, or of as many as the format asks for: `{:120}`. Names that
/// do not fit lose their beginning.
#[derive(Clone, Debug)]
pub struct Report {
    infos: Vec<CacheInfo>,
}

impl Report {
    /// The rows, the largest time saved first.
    pub fn infos(&self) -> &[CacheInfo] {
        &self.infos
    }
}

const TITLES: [&str; 8] = ["cache", "hits", "misses", "ratio", "len", "max", "load", "saved"];

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.infos.is_empty() {
            return f.write_str("no memoized function was used\n");
        }
        let rows: Vec<[String; 8]> = self.infos.iter().map(row).collect();
        let widest = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let mut widths: [usize; 8] = std::array::from_fn(|column| widest(column).max(TITLES[column].len()));
        let others: usize = widths[1..].iter().map(|width| width + 2).sum();
        let room = f.width().unwrap_or(80).saturating_sub(others);
        widths[0] = widths[0].min(room.max(12));
        line(f, &widths, &TITLES.map(str::to_owned))?;
        rows.iter().try_for_each(|row| line(f, &widths, row))?;
        let saved =
            self.infos.iter().map(CacheInfo::time_saved).fold(Duration::ZERO, Duration::saturating_add);
        writeln!(f, "time saved in all: {}", short(saved))
    }
}

fn row(info: &CacheInfo) -> [String; 8] {
    [
        info.name.clone(),
        count(info.hits),
        // A caller that waited for another's load missed too, as far as a report goes.
        count(info.misses + info.coalesced),
        format!("{:.1}%", info.hit_ratio() * 100.0),
        count(info.len as u64),
        info.max.map_or_else(|| "-".to_owned(), |max| count(max as u64)),
        short(info.mean_load_time()),
        short(info.time_saved()),
    ]
}

fn line(f: &mut fmt::Formatter<'_>, widths: &[usize; 8], cells: &[String; 8]) -> fmt::Result {
    write!(f, "{:<width$}", tail(&cells[0], widths[0]), width = widths[0])?;
    for (cell, width) in cells.iter().zip(widths).skip(1) {
        write!(f, "  {cell:>width$}")?;
    }
    f.write_str("\n")
}

/// The end of a name, where it is too long: that is where functions differ.
fn tail(name: &str, width: usize) -> String {
    let len = name.chars().count();
    if len <= width {
        return name.to_owned();
    }
    let rest: String = name.chars().skip(len + 1 - width).collect();
    format!("…{rest}")
}

/// A count in at most seven characters.
fn count(n: u64) -> String {
    match n {
        0..10_000_000 => n.to_string(),
        10_000_000..10_000_000_000 => format!("{:.1}M", n as f64 / 1e6),
        _ => format!("{:.1}G", n as f64 / 1e9),
    }
}

/// A duration in at most seven characters, with its unit.
fn short(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match duration.as_nanos() {
        0 => "0".to_owned(),
        1..1_000 => format!("{}ns", duration.as_nanos()),
        1_000..1_000_000 => format!("{:.1}µs", seconds * 1e6),
        1_000_000..1_000_000_000 => format!("{:.1}ms", seconds * 1e3),
        1_000_000_000..100_000_000_000 => format!("{seconds:.1}s"),
        _ if seconds < 6000.0 => format!("{:.1}min", seconds / 60.0),
        _ => format!("{:.1}h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(name: &str, hits: u64, load: Duration) -> CacheInfo {
        CacheInfo {
            name: name.to_owned(),
            hits,
            misses: 10,
            loads: 10,
            load_time: load * 10,
            len: 10,
            max: Some(1000),
            ..CacheInfo::default()
        }
    }

    #[test]
    fn the_report_is_aligned_and_fits() {
        let long = "a_crate::with::a::very::long::path::to::the_function_in_question";
        let infos =
            vec![info(long, 12_345_678, Duration::from_millis(12)), info("b", 3, Duration::from_nanos(40))];
        let report = Report { infos };
        for width in [64, 80, 120] {
            let text = format!("{report:width$}");
            let widths: Vec<usize> = text.lines().map(|line| line.chars().count()).collect();
            assert!(widths[..3].iter().all(|&each| each == widths[0] && each <= width), "{text}");
        }
        let text = report.to_string();
        assert!(text.contains("…") && text.contains("the_function_in_question"), "{text}");
        assert!(text.contains("12.3M"), "{text}");
    }

    #[test]
    fn durations_are_short_and_carry_their_unit() {
        let cases = [
            (Duration::ZERO, "0"),
            (Duration::from_nanos(999), "999ns"),
            (Duration::from_nanos(1_500), "1.5µs"),
            (Duration::from_millis(12), "12.0ms"),
            (Duration::from_secs(12), "12.0s"),
            (Duration::from_secs(600), "10.0min"),
            (Duration::from_secs(36_000), "10.0h"),
        ];
        for (duration, text) in cases {
            assert_eq!(short(duration), text);
        }
    }
}
