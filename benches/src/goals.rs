//! The project's goals, and how the figures of a run stand to them.
//!
//! A goal is a figure of this library's beside one of another, in the same run, and how many times the other it may
//! be. What other libraries have several setups of is compared with their best; what this one has, with its worst.

use std::fmt;

use crate::peers::{OURS, RAW};
use crate::report::{Figures, Report, Row};
use crate::table::{Table, figure};

/// What came of one goal.
#[derive(Debug)]
struct Outcome {
    goal: String,
    own: String,
    other: String,
    ratio: String,
    verdict: &'static str,
}

impl Outcome {
    fn not_measured(goal: &str) -> Self {
        let nothing = || "-".to_owned();
        Self {
            goal: goal.to_owned(),
            own: nothing(),
            other: nothing(),
            ratio: nothing(),
            verdict: "not measured",
        }
    }
}

/// A figure, and whose.
#[derive(Clone, Debug)]
struct Reading {
    value: f64,
    of: String,
}

impl Reading {
    fn new(row: &Row) -> Option<Self> {
        Some(Self { value: row.median()?, of: label(row) })
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", figure(self.value), self.of)
    }
}

/// Our policy, or the other's name.
fn label(row: &Row) -> String {
    match row.setup.split_once("policy = ") {
        Some((_, policy)) if row.library == OURS => policy.to_owned(),
        _ => row.library.clone(),
    }
}

/// Rows of one workload.
struct Rows<'a>(Vec<&'a Row>);

impl<'a> Rows<'a> {
    fn of(figures: &'a Figures, workload: &str) -> Self {
        Self(figures.workload(workload).map_or_else(Vec::new, |report: &Report| report.rows.iter().collect()))
    }

    fn filter(mut self, test: impl Fn(&Row) -> bool) -> Self {
        self.0.retain(|row| test(row));
        self
    }

    fn library(self, library: &str) -> Self {
        self.filter(|row| row.library == library)
    }

    fn ours(self) -> Self {
        self.library(OURS)
    }

    fn peers(self) -> Self {
        self.filter(is_peer)
    }

    fn readings(&self) -> impl Iterator<Item = Reading> {
        self.0.iter().filter_map(|row| Reading::new(row))
    }

    fn least(&self) -> Option<Reading> {
        self.readings().min_by(|a, b| a.value.total_cmp(&b.value))
    }

    fn most(&self) -> Option<Reading> {
        self.readings().max_by(|a, b| a.value.total_cmp(&b.value))
    }
}

/// Neither this library nor the limit.
fn is_peer(row: &Row) -> bool {
    row.library != OURS && row.library != RAW
}

fn is_lru(row: &Row) -> bool {
    row.setup.contains("policy = lru")
}

/// A policy that its paper has told of every use: no goal was set for what that costs.
fn is_told(row: &Row) -> bool {
    ["tinylfu", "lirs", "arc"].iter().any(|policy| row.setup.ends_with(&format!("policy = {policy}")))
}

fn has_bound(row: &Row) -> bool {
    row.setup.chars().any(|letter| letter.is_ascii_digit())
}

/// Own at most `times` the other.
fn at_most(goal: &str, own: Option<Reading>, other: Option<Reading>, times: f64) -> Outcome {
    let Some((own, other)) = own.zip(other) else {
        return Outcome::not_measured(goal);
    };
    let verdict = if own.value <= times * other.value { "met" } else { "missed" };
    let ratio = if other.value > 0.0 { figure(own.value / other.value) } else { "-".to_owned() };
    Outcome { goal: goal.to_owned(), own: own.to_string(), other: other.to_string(), ratio, verdict }
}

/// Every peer is slower, or hits less often, than some setup of ours.
fn ahead(goal: &str, figures: &Figures, workload: &str) -> Outcome {
    let beats = |own: &Row, peer: &Row| {
        own.median() <= peer.median()
            && own.hit_ratio.zip(peer.hit_ratio).is_some_and(|(own, peer)| own >= peer - 5e-4)
    };
    let ours = Rows::of(figures, workload).ours();
    let peers = Rows::of(figures, workload).peers();
    let (Some(best), Some(_)) = (ours.least(), peers.least()) else {
        return Outcome::not_measured(goal);
    };
    let is_unbeaten = |peer: &&&Row| !ours.0.iter().any(|own| beats(own, peer));
    let unbeaten: Vec<_> = peers.0.iter().filter(is_unbeaten).collect();
    let with_hits = |row: &Row| {
        let hits = row.hit_ratio.map_or_else(String::new, |hits| format!(" {:.1}%", hits * 100.0));
        Reading::new(row).map_or_else(String::new, |reading| reading.to_string() + &hits)
    };
    let own = ours.0.iter().find(|row| row.median() == Some(best.value));
    Outcome {
        goal: goal.to_owned(),
        own: own.map_or_else(String::new, |row| with_hits(row)),
        other: unbeaten.first().map_or_else(|| "none is ahead".to_owned(), |row| with_hits(row)),
        ratio: format!("{} of {}", peers.0.len() - unbeaten.len(), peers.0.len()),
        verdict: if unbeaten.is_empty() { "met" } else { "missed" },
    }
}

fn hits(figures: &Figures, outcomes: &mut Vec<Outcome>) {
    let rows = |workload| Rows::of(figures, workload);
    let raw = |workload| rows(workload).library(RAW).least();
    let simple = |workload| rows(workload).ours().filter(|row| !is_lru(row) && !is_told(row));
    let lru = |workload| rows(workload).ours().filter(is_lru);
    outcomes.push(at_most(
        "hit u64, no bound or bits <= 1.5 x raw",
        simple("hit-u64").most(),
        raw("hit-u64"),
        1.5,
    ));
    for peer in ["cached", "quick_cache"] {
        let goal = format!("hit u64, no bound or bits <= {peer} / 4");
        outcomes.push(at_most(
            &goal,
            simple("hit-u64").most(),
            rows("hit-u64").library(peer).least(),
            1.0 / 4.0,
        ));
    }
    outcomes.push(at_most("hit u64, lru <= 2.5 x raw", lru("hit-u64").most(), raw("hit-u64"), 2.5));
    for (name, two, one) in [("one key", "hot-key-2", "hot-key-1"), ("Zipf", "zipf-hit-2", "zipf-hit-1")] {
        let goal = format!("two threads, {name} <= 1.2 x one thread");
        outcomes.push(scaling(&goal, figures, two, one));
        for peer in ["cached", "quick_cache"] {
            let goal = format!("two threads, {name} <= {peer} / 20");
            outcomes.push(at_most(
                &goal,
                rows(two).ours().filter(|row| !is_told(row)).most(),
                rows(two).library(peer).least(),
                1.0 / 20.0,
            ));
        }
    }
    for (goal, workload) in [
        ("hit &str, 1,000 keys <= 1.25 x raw", "hit-str"),
        ("hit &str, 10,000 keys <= 1.25 x raw", "hit-str-10k"),
    ] {
        outcomes.push(at_most(goal, rows(workload).ours().most(), raw(workload), 1.25));
    }
    let own = rows("allocations").ours().most();
    outcomes.push(at_most("hit &str: no allocation", own, raw("allocations"), 0.0));
}

/// The setup that suffers most from a second thread.
fn scaling(goal: &str, figures: &Figures, two: &str, one: &str) -> Outcome {
    let alone = |of: &str| Rows::of(figures, one).ours().readings().find(|reading| reading.of == of);
    let ours = Rows::of(figures, two).ours().filter(|row| !is_told(row));
    let pairs = ours.readings().filter_map(|both| alone(&both.of).map(|one| (both, one)));
    let share = |pair: &(Reading, Reading)| pair.0.value / pair.1.value;
    let worst = pairs.max_by(|a, b| share(a).total_cmp(&share(b)));
    let (two, one) = worst.unzip();
    at_most(goal, two, one, 1.2)
}

fn others(figures: &Figures, outcomes: &mut Vec<Outcome>) {
    let rows = |workload| Rows::of(figures, workload);
    let with_ttl = |with| rows("hit-ttl").ours().filter(move |row| row.setup.contains("ttl") == with).most();
    outcomes.push(at_most("hit with ttl <= 1.5 x without", with_ttl(true), with_ttl(false), 1.5));
    let task = |is| rows("hit-async").ours().filter(move |row| row.setup.contains("not async") != is).most();
    outcomes.push(at_most("async hit <= 2 x sync hit", task(true), task(false), 2.0));
    let generic =
        |is| rows("hit-generic").ours().filter(move |row| row.setup.contains("generic") == is).most();
    let plain = generic(false);
    // A sum, not a product: the other is what may be added to it.
    let allowed = plain.map(|plain| Reading { value: plain.value + 3.0, of: "sync + 3".to_owned() });
    outcomes.push(at_most("generic hit <= sync hit + 3 ns", generic(true), allowed, 1.0));
    outcomes.push(ahead("miss at capacity: no peer ahead", figures, "miss-full"));
    outcomes.push(ahead("mixed, one thread: no peer ahead", figures, "mixed-1"));
    outcomes.push(ahead("mixed, two threads: no peer ahead", figures, "mixed-2"));
    let bytes = |ours: bool, bound| {
        rows("bytes")
            .filter(move |row| (row.library == OURS) == ours && row.library != RAW && has_bound(row) == bound)
    };
    let goal = "bytes, no bound: below every peer";
    outcomes.push(at_most(goal, bytes(true, false).most(), bytes(false, false).least(), 1.0));
    let goal = "bytes, bounded: below every peer";
    outcomes.push(at_most(goal, bytes(true, true).most(), bytes(false, true).least(), 1.0));
    let payload = Some(Reading { value: 32.0, of: "16 + 16".to_owned() });
    outcomes.push(at_most("bytes, bounded <= 16 over key and value", bytes(true, true).most(), payload, 1.0));
    let build = |library| rows("build").library(library).least();
    outcomes.push(at_most("build: below memoize", build(OURS), build("memoize"), 1.0));
    outcomes.push(Outcome::not_measured("hit ratio on traces (see hit-ratios)"));
}

/// All goals, each with what the run says of it.
pub(crate) fn compare(figures: &Figures) -> Table {
    let mut outcomes = Vec::new();
    hits(figures, &mut outcomes);
    others(figures, &mut outcomes);
    let mut table = Table::new("goals", 3, &["goal", "ours", "beside", "ratio", "verdict"]);
    for outcome in outcomes {
        table.row(vec![outcome.goal, outcome.own, outcome.other, outcome.ratio, outcome.verdict.to_owned()]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::report::Unit;

    /// Library, setup, median, hit ratio.
    type Line = (&'static str, &'static str, f64, f64);

    fn figures(workloads: &[(&str, &[Line])]) -> Figures {
        let row = |&(library, setup, median, hits): &Line| {
            let mut row = Row::new(library, setup, vec![median]);
            row.hit_ratio = Some(hits);
            row
        };
        let report = |(name, rows): &(&str, &[_])| Report {
            name: (*name).to_owned(),
            title: String::new(),
            threads: 1,
            unit: Unit::Nanoseconds,
            rows: rows.iter().map(row).collect(),
        };
        Figures { machine: Machine::this(), rounds: 1, workloads: workloads.iter().map(report).collect() }
    }

    /// The cells of the goal that begins so.
    fn outcome(figures: &Figures, goal: &str) -> String {
        let table = compare(figures).to_string();
        assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
        let line =
            table.lines().find(|line| line.starts_with(goal)).unwrap_or_else(|| panic!("{goal} in {table}"));
        line[goal.len()..].split_whitespace().collect::<Vec<_>>().join(" ")
    }

    const LRU: &str = "max = 2_000, policy = lru";
    const SIEVE: &str = "max = 2_000, policy = sieve";

    #[test]
    fn hits_are_held_against_the_bare_map_and_the_best_of_a_peer() {
        let rows: &[_] = &[
            (RAW, "map", 4.0, 1.0),
            (OURS, "#[memoize]", 5.0, 1.0),
            (OURS, SIEVE, 5.6, 1.0),
            (OURS, LRU, 12.0, 1.0),
            (OURS, "max = 2_000, policy = lirs", 90.0, 1.0),
            ("cached", "a", 20.0, 1.0),
            ("cached", "b", 28.0, 1.0),
            ("quick_cache", "c", 28.0, 1.0),
        ];
        let figures = figures(&[("hit-u64", rows)]);
        assert_eq!(
            outcome(&figures, "hit u64, no bound or bits <= 1.5 x raw"),
            "5.60 sieve 4.00 raw 1.40 met"
        );
        assert_eq!(outcome(&figures, "hit u64, lru <= 2.5 x raw"), "12.0 lru 4.00 raw 3.00 missed");
        let faster = |peer| outcome(&figures, &format!("hit u64, no bound or bits <= {peer} / 4"));
        assert_eq!(faster("cached"), "5.60 sieve 20.0 cached 0.28 missed");
        assert_eq!(faster("quick_cache"), "5.60 sieve 28.0 quick_cache 0.20 met");
        assert_eq!(outcome(&figures, "build: below memoize"), "- - - not measured");
    }

    #[test]
    fn a_second_thread_is_held_against_the_same_setup_alone() {
        let one: &[_] = &[(OURS, "#[memoize]", 5.0, 1.0), (OURS, LRU, 10.0, 1.0)];
        let two: &[_] = &[(OURS, "#[memoize]", 6.5, 1.0), (OURS, LRU, 11.0, 1.0)];
        let figures = figures(&[("hot-key-1", one), ("hot-key-2", two)]);
        assert_eq!(
            outcome(&figures, "two threads, one key <= 1.2 x one thread"),
            "6.50 ours 5.00 ours 1.30 missed"
        );
    }

    #[test]
    fn a_peer_is_ahead_if_no_setup_is_as_fast_at_as_many_hits() {
        let ours = [(OURS, LRU, 30.0, 0.60), (OURS, SIEVE, 35.0, 0.68)];
        let run = |peer: Line| {
            let rows = [ours[0], ours[1], peer];
            outcome(&figures(&[("mixed-1", &rows)]), "mixed, one thread: no peer ahead")
        };
        assert_eq!(run(("moka", "m", 40.0, 0.68)), "30.0 lru 60.0% none is ahead 1 of 1 met");
        assert_eq!(run(("moka", "m", 32.0, 0.65)), "30.0 lru 60.0% 32.0 moka 65.0% 0 of 1 missed");
        assert_eq!(run(("moka", "m", 90.0, 0.69)), "30.0 lru 60.0% 90.0 moka 69.0% 0 of 1 missed");
    }

    #[test]
    fn no_allocation_means_none() {
        let run = |own| {
            let rows: &[_] = &[(RAW, "map", 0.0, 1.0), (OURS, "#[memoize]", own, 1.0)];
            outcome(&figures(&[("allocations", rows)]), "hit &str: no allocation")
        };
        assert_eq!(run(0.0), "0.00 ours 0.00 raw - met");
        assert_eq!(run(0.5), "0.50 ours 0.00 raw - missed");
    }
}
