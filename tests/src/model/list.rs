//! The cache as one would write it without a thought for speed: a list, the last used last.
//!
//! Two things it cannot know, and so takes from what was seen, as far as that is possible at all: who leaves under a policy
//! other than `lru`, and how much of an entry's time `jitter` takes.

use std::time::Duration;

use cached_core::{CacheInfo, PolicyKind};

use super::chosen::{Answer, Chosen, End, Inside, Script, is_kept, life_of, weight_of};

/// Nanoseconds.
type Time = u64;

const NEVER: Time = Time::MAX;

fn seconds(seconds: u64) -> Time {
    nanos(Duration::from_secs(seconds))
}

fn nanos(duration: Duration) -> Time {
    Time::try_from(duration.as_nanos()).unwrap_or(NEVER)
}

/// What was seen of a cache at rest.
pub(super) struct Seen {
    pub(super) info: CacheInfo,
    /// Keys with a fresh value, in order.
    pub(super) fresh: Vec<(u8, u64)>,
    /// All keys that are held, in order.
    pub(super) held: Vec<(u8, u64)>,
}

/// A moment that lies between these two, both included.
#[derive(Clone, Copy, Debug)]
struct Between(Time, Time);

impl Between {
    const NEVER: Self = Self(NEVER, NEVER);

    /// Whether it has come, as far as that is known.
    fn has_come(self, now: Time) -> Option<bool> {
        match self {
            Self(_, latest) if latest != NEVER && now >= latest => Some(true),
            Self(earliest, _) if earliest == NEVER || now < earliest => Some(false),
            _ => None,
        }
    }

    /// It was seen whether it had come.
    fn learn(&mut self, came: bool, now: Time) {
        if came {
            self.1 = self.1.min(now);
        } else {
            self.0 = self.0.max(now + 1);
        }
        assert!(self.0 <= self.1, "a time that jitter cannot explain: {self:?} at {now}");
    }

    fn add(self, time: Time) -> Self {
        Self(self.0.saturating_add(time), self.1.saturating_add(time))
    }

    fn min(self, time: Time) -> Self {
        Self(self.0.min(time), self.1.min(time))
    }
}

#[derive(Clone, Debug)]
struct Entry {
    number: u64,
    key: u8,
    value: u64,
    weight: u64,
    /// When its time to live is over.
    hard: Between,
    /// When it has not been used for too long.
    idle: Time,
    soft: Between,
    next_try: Time,
    /// Whether it is fresh, as of the last look; nothing changes that but the clock.
    fresh: bool,
}

/// Counters, as far as they are checked.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    hits: u64,
    misses: u64,
    coalesced: u64,
    loads: u64,
    load_failures: u64,
    evictions: u64,
    expirations: u64,
    invalidations: u64,
    stale_hits: u64,
    refreshes: u64,
}

/// A store that made others leave, not yet compared with who did.
struct Pending {
    key: u8,
    weight: u64,
    others: Vec<u64>,
}

pub(super) struct Model {
    chosen: Chosen,
    ahead: bool,
    entries: Vec<Entry>,
    counts: Counts,
    now: Time,
    numbers: u64,
    pending: Option<Pending>,
}

/// What a body did to the lease of its load.
enum Ran {
    Holds,
    Lost,
}

impl Model {
    pub(super) fn new(chosen: Chosen, ahead: bool) -> Self {
        let (entries, counts) = (Vec::new(), Counts::default());
        Self { chosen, ahead, entries, counts, now: 0, numbers: 0, pending: None }
    }

    pub(super) fn advance(&mut self, time: Duration) {
        self.now = self.now.saturating_add(nanos(time)).min(NEVER - 1);
    }

    fn at(&self, key: u8) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key == key)
    }

    fn alive(&self, number: u64) -> Option<usize> {
        self.entries.iter().position(|entry| entry.number == number)
    }

    /// Whether entries may be of use past their time.
    fn lingers(&self) -> bool {
        self.chosen.refresh_after.is_some() || self.stale() > 0
    }

    fn stale(&self) -> Time {
        self.chosen.stale_if_error.map_or(0, seconds).min(1 << 62)
    }

    fn brake(&mut self, number: u64) {
        let retry = seconds(self.chosen.retry_after.unwrap_or(1));
        let next = self.now.saturating_add(retry).min(NEVER - 1);
        if let Some(at) = self.alive(number).filter(|_| self.lingers()) {
            self.entries[at].next_try = next;
        }
    }

    /// A use: of what is fresh it prolongs the life.
    fn touch(&mut self, at: usize) {
        let mut entry = self.entries.remove(at);
        if let (Some(idle), true) = (self.chosen.idle, entry.fresh) {
            entry.idle = entry.idle.max(self.now.saturating_add(seconds(idle)));
        }
        self.entries.push(entry);
    }

    /// What the call answers, and whether a body runs; `stale` is the counter as it stands after the call, which says whether
    /// the value was old where `jitter` decides that.
    pub(super) fn call(&mut self, key: u8, script: Script, stale: u64) -> (Answer, bool) {
        let Some(at) = self.at(key) else {
            self.counts.misses += 1;
            return (self.load(key, script, None), true);
        };
        let Entry { number, value, next_try, fresh, .. } = self.entries[at];
        if !fresh {
            if self.now >= next_try {
                self.counts.misses += 1;
                return (self.load(key, script, Some(number)), true);
            }
            self.counts.hits += 1;
            self.counts.stale_hits += 1;
            self.touch(at);
            return (Answer::Value(value), false);
        }
        self.counts.hits += 1;
        let old = self.entries[at].soft.has_come(self.now).unwrap_or_else(|| {
            let old = stale > self.counts.stale_hits;
            self.entries[at].soft.learn(old, self.now);
            old
        });
        self.touch(at);
        if !old {
            return (Answer::Value(value), false);
        }
        self.counts.stale_hits += 1;
        if self.now < next_try {
            return (Answer::Value(value), false);
        }
        self.counts.refreshes += 1;
        let reloaded = self.reload(key, script, number);
        (if self.ahead { Answer::Value(value) } else { reloaded }, true)
    }

    /// A body that a call runs because it found nothing, or nothing fresh.
    fn load(&mut self, key: u8, script: Script, replaced: Option<u64>) -> Answer {
        let ran = self.run(key, script);
        match script.end {
            End::Value => {
                if matches!(ran, Ran::Holds) {
                    self.store(key, script.value);
                }
                Answer::Value(script.value)
            }
            End::Error => {
                let old = replaced.and_then(|number| self.fall_back(number));
                self.counts.stale_hits += u64::from(old.is_some());
                old.map_or(Answer::Error(script.value), Answer::Value)
            }
            End::Panic => {
                replaced.into_iter().for_each(|number| self.brake(number));
                Answer::Panic
            }
        }
    }

    /// The same because it found a value old: such a call has been counted as answered with that.
    fn reload(&mut self, key: u8, script: Script, replaced: u64) -> Answer {
        let ran = self.run(key, script);
        let answer = match script.end {
            End::Value => {
                if matches!(ran, Ran::Holds) {
                    self.store(key, script.value);
                }
                Answer::Value(script.value)
            }
            End::Error => self.fall_back(replaced).map_or(Answer::Error(script.value), Answer::Value),
            End::Panic => Answer::Panic,
        };
        self.brake(replaced);
        answer
    }

    fn fall_back(&mut self, number: u64) -> Option<u64> {
        if !self.lingers() {
            return None;
        }
        self.brake(number);
        self.alive(number).map(|at| self.entries[at].value)
    }

    pub(super) fn refresh(&mut self, key: u8, script: Script) -> (Answer, bool) {
        self.counts.refreshes += 1;
        let replaced = self.at(key).map(|at| self.entries[at].number);
        let ran = self.run(key, script);
        let answer = match script.end {
            End::Value => {
                if matches!(ran, Ran::Holds) {
                    self.store(key, script.value);
                } else {
                    // Whoever calls after a refresh gets nothing that was there before it.
                    self.entries.retain(|entry| entry.key != key);
                }
                Answer::Value(script.value)
            }
            End::Error => Answer::Error(script.value),
            End::Panic => Answer::Panic,
        };
        if script.end != End::Value {
            replaced.into_iter().for_each(|number| self.brake(number));
        }
        (answer, true)
    }

    /// What a body does to its cache, and how it is counted.
    fn run(&mut self, key: u8, script: Script) -> Ran {
        let counter = match script.end {
            End::Value => &mut self.counts.loads,
            _ => &mut self.counts.load_failures,
        };
        *counter += 1;
        match script.inside {
            Inside::Invalidate(number) => {
                self.remove(|other| other == number);
                if number == key { Ran::Lost } else { Ran::Holds }
            }
            Inside::Insert => {
                self.store(key, script.inserts);
                Ran::Lost
            }
            Inside::Clear => {
                self.remove(|_| true);
                Ran::Lost
            }
            Inside::Nothing | Inside::Peek(_) => Ran::Holds,
        }
    }

    /// Takes out those whose key is meant; the number of fresh ones.
    pub(super) fn remove(&mut self, is_meant: impl Fn(u8) -> bool) -> usize {
        let (gone, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.entries).into_iter().partition(|entry| is_meant(entry.key));
        self.entries = kept;
        let fresh = gone.iter().filter(|entry| entry.fresh).count();
        self.counts.invalidations += fresh as u64;
        self.counts.expirations += (gone.len() - fresh) as u64;
        fresh
    }

    /// A value is stored, if it may be; what was there goes in any case.
    pub(super) fn store(&mut self, key: u8, value: u64) {
        let replaced = self.at(key).map(|at| self.entries.remove(at));
        let Some(entry) = self.entry(key, value) else { return };
        self.counts.expirations += u64::from(replaced.is_some_and(|entry| !entry.fresh));
        if self.chosen.policy == Some(PolicyKind::Lru) {
            while self.is_too_much(self.entries.len(), self.weight(), entry.weight) {
                self.entries.remove(0);
                self.counts.evictions += 1;
            }
        } else {
            let others = self.entries.iter().map(|entry| entry.number).collect();
            self.pending = Some(Pending { key, weight: entry.weight, others });
        }
        self.entries.push(entry);
    }

    fn weight(&self) -> u64 {
        self.entries.iter().map(|entry| entry.weight).sum()
    }

    /// Whether so many of such a weight have to make room for another.
    fn is_too_much(&self, len: usize, weight: u64, another: u64) -> bool {
        let max_weight = self.chosen.max_weight.unwrap_or(NEVER);
        len >= self.chosen.max.unwrap_or(usize::MAX) || (len > 0 && weight > max_weight - another)
    }

    /// What is kept of a value.
    fn entry(&mut self, key: u8, value: u64) -> Option<Entry> {
        let chosen = &self.chosen;
        let weight = if chosen.max_weight.is_some() { weight_of(value).max(1) } else { 1 };
        let kept = chosen.max != Some(0)
            && chosen.ttl != Some(0)
            && chosen.idle != Some(0)
            && chosen.max_weight.is_none_or(|max| weight <= max)
            && (!chosen.store_if || is_kept(value))
            && (!chosen.ttl_of || !life_of(value).is_zero());
        if !kept {
            return None;
        }
        let life = if chosen.ttl_of { nanos(life_of(value)) } else { chosen.ttl.map_or(NEVER, seconds) };
        let idle = chosen.idle.map_or(NEVER, |idle| self.now.saturating_add(seconds(idle)));
        let soft = chosen.refresh_after.map_or(NEVER, seconds);
        let (hard, soft) = (self.spread(life), self.spread(soft));
        self.numbers += 1;
        let number = self.numbers;
        Some(Entry { number, key, value, weight, hard, idle, soft, next_try: 0, fresh: true })
    }

    /// When that time is over.
    fn spread(&self, time: Time) -> Between {
        let (now, share) = (self.now, 1.0 - self.chosen.jitter);
        if time == NEVER {
            return Between::NEVER;
        }
        let least = if self.chosen.jitter == 0.0 {
            time
        } else {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share of it fits, too"
            )]
            let least = (time as f64 * share * 0.999_999) as Time;
            least.clamp(time.min(1), time)
        };
        Between(least, time).add(now)
    }

    /// Compares with what was seen at rest.
    pub(super) fn check(&mut self, seen: &Seen) {
        self.settle_evictions(seen);
        self.age(seen);
        let held: Vec<_> = sorted(self.entries.iter());
        assert_eq!(seen.held, held, "who is there");
        let fresh: Vec<_> = sorted(self.entries.iter().filter(|entry| entry.fresh));
        assert_eq!(seen.fresh, fresh, "who is fresh");
        let info = &seen.info;
        let counts = Counts {
            hits: info.hits,
            misses: info.misses,
            coalesced: info.coalesced,
            loads: info.loads,
            load_failures: info.load_failures,
            evictions: info.evictions,
            expirations: info.expirations,
            invalidations: info.invalidations,
            stale_hits: info.stale_hits,
            refreshes: info.refreshes,
        };
        assert_eq!(counts, self.counts, "what was counted, and what was to be");
        let weight = if self.chosen.max_weight.is_some() { self.weight() } else { 0 };
        assert_eq!((info.len, info.weight), (self.entries.len(), weight), "len and weight");
    }

    /// Those who left for another: enough of them, and not one too many.
    fn settle_evictions(&mut self, seen: &Seen) {
        let Some(Pending { key, weight, others }) = self.pending.take() else { return };
        let is_held = |entry: &Entry| seen.held.binary_search(&(entry.key, entry.value)).is_ok();
        let was_there = |entry: &Entry| entry.key != key && others.contains(&entry.number);
        let gone: Vec<_> =
            self.entries.iter().filter(|entry| was_there(entry) && !is_held(entry)).cloned().collect();
        self.entries.retain(|entry| gone.iter().all(|gone| gone.number != entry.number));
        self.counts.evictions += gone.len() as u64;
        let left: Vec<_> = self.entries.iter().filter(|entry| was_there(entry)).collect();
        let (len, held) = (left.len(), left.iter().map(|entry| entry.weight).sum::<u64>());
        assert!(!self.is_too_much(len, held, weight), "more than there may be: {left:?}");
        let one_less = |last: &Entry| self.is_too_much(len + 1, held + last.weight, weight);
        assert!(gone.is_empty() || gone.iter().any(one_less), "one too many had to go: {gone:?}");
    }

    /// Who has grown too old, by the clock, and by what was seen where `jitter` decides it.
    fn age(&mut self, seen: &Seen) {
        let (now, stale) = (self.now, self.stale());
        let mut ended = 0;
        self.entries.retain_mut(|entry| {
            let known = (entry.key, entry.value);
            let ends = entry.hard.min(entry.idle);
            // What would end at the end of time does not.
            let ends = if ends.0.saturating_add(stale) == NEVER { Between::NEVER } else { ends };
            entry.fresh = !ends.has_come(now).unwrap_or_else(|| {
                let came = seen.fresh.binary_search(&known).is_err();
                entry.hard.learn(came, now);
                came
            });
            let gone = !entry.fresh
                && ends.add(stale).has_come(now).unwrap_or_else(|| {
                    let gone = seen.held.binary_search(&known).is_err();
                    entry.hard.learn(gone, now - stale);
                    gone
                });
            ended += u64::from(gone);
            !gone
        });
        self.counts.expirations += ended;
    }
}

fn sorted<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<(u8, u64)> {
    let mut sorted: Vec<_> = entries.map(|entry| (entry.key, entry.value)).collect();
    sorted.sort_unstable();
    sorted
}
