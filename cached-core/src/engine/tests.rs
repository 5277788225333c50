//! Random programs on a table against a list, with the structure checked after every step.

use std::collections::HashMap;
use std::sync::Arc;

use super::age::Times;
use super::entry::Entry;
use super::program;
use super::table::Table;
use crate::clock::{NEVER, is_past};
use crate::key::ByKey;
use crate::options::{Bound, Options};
use crate::policy::PolicyKind;
use crate::removal::RemovalCause;

/// A small generator of our own: the programs must be the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        // xorshift64 (Marsaglia 2003)
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// The naive cache: key, value and deadline, the last used last.
#[derive(Default)]
struct List(Vec<(u64, u64, u64)>);

impl List {
    fn position(&self, key: u64) -> Option<usize> {
        self.0.iter().position(|entry| entry.0 == key)
    }

    fn get(&mut self, key: u64, now: u64) -> Option<u64> {
        let at = self.position(key).filter(|&at| !is_past(self.0[at].2, now))?;
        let entry = self.0.remove(at);
        self.0.push(entry);
        Some(entry.1)
    }

    fn insert(&mut self, entry: (u64, u64, u64), max: usize) {
        self.0.retain(|other| other.0 != entry.0);
        self.0.push(entry);
        if self.0.len() > max {
            self.0.remove(0);
        }
    }
}

/// Few hashes, so that every path for equal ones is walked; `spread` makes them few or many.
fn hash(key: u64, spread: u64) -> u64 {
    (key % spread).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn unbounded() -> Bound {
    Options::new().bound
}

fn lru(max: usize) -> Bound {
    Options::new().max(max).policy(PolicyKind::Lru).bound
}

fn program(seed: u64, max: usize, ttl: bool, spread: u64) {
    let mut dice = Dice(seed);
    let table = Table::<u64, u64>::new(if max == usize::MAX { unbounded() } else { lru(max) }, ttl);
    let mut list = List::default();
    let mut now = 1;
    for step in 0..if cfg!(miri) { 40 } else { 600 } {
        let key = dice.roll(40);
        let found = table.find(hash(key, spread), &ByKey(&key), |_, value| *value);
        assert_eq!(found.is_some(), list.position(key).is_some());
        match dice.roll(20) {
            0..=9 => {
                let value = table.get(hash(key, spread), &ByKey(&key), now, true, |_, value| *value);
                assert_eq!(value, list.get(key, now));
            }
            10..=15 => {
                let deadline = if ttl { now + dice.roll(30) } else { NEVER };
                let entry = Entry {
                    hash: hash(key, spread),
                    key,
                    value: step,
                    times: Times::until(deadline),
                    weight: 1,
                    tags: None,
                };
                drop(table.insert(entry, found.map(|(ticket, _)| ticket), now));
                list.insert((key, step, deadline), max);
            }
            16 => {
                let removed = found.map(|(ticket, _)| {
                    table.remove(hash(key, spread), ticket, 0, RemovalCause::Explicit).fresh
                });
                assert_eq!(removed, list.position(key).map(|at| list.0.remove(at)).map(|_| 1));
            }
            17 if dice.roll(20) == 0 => {
                assert_eq!(table.drain(0).fresh, std::mem::take(&mut list.0).len());
            }
            _ => {
                now += dice.roll(10);
                if table.is_due(now) {
                    drop(table.sweep(now));
                }
                list.0.retain(|entry| !is_past(entry.2, now));
            }
        }
        table.assert_valid();
        let held: HashMap<u64, u64> = table.entries().into_iter().collect();
        assert_eq!(held, list.0.iter().map(|entry| (entry.0, entry.1)).collect());
    }
}

#[test]
fn a_table_does_what_a_list_does() {
    for seed in 1..=if cfg!(miri) { 1 } else { 3 } {
        for max in if cfg!(miri) { vec![7, usize::MAX] } else { vec![1, 2, 7, 30, usize::MAX] } {
            for ttl in [false, true] {
                for spread in [1, 3, u64::MAX] {
                    program(seed * 0x1234_5678_9abc_def1, max, ttl, spread);
                }
            }
        }
    }
}

#[test]
fn a_table_gives_memory_back() {
    let table = Table::<u64, u64>::new(unbounded(), true);
    let entries = if cfg!(miri) { 2_000 } else { 50_000 };
    let fill = |deadline| {
        for key in 0..entries {
            let entry = Entry {
                hash: hash(key, u64::MAX),
                key,
                value: key,
                times: Times::until(deadline),
                weight: 1,
                tags: None,
            };
            drop(table.insert(entry, None, 0));
        }
    };
    // Other tests read at the same time, and so hold memory up for a moment.
    let shrinks_below = |bound| {
        (0..1_000_000).any(|_| {
            drop(table.collect());
            std::thread::yield_now();
            table.capacity() < bound
        })
    };
    fill(10);
    let full = table.capacity();
    while table.len() > 0 {
        drop(table.sweep(10));
    }
    table.assert_valid();
    assert!(shrinks_below(full / 8), "{} of {full} slots are still there", table.capacity());
    fill(NEVER);
    drop(table.drain(0));
    assert!(shrinks_below(full / 8));
    table.assert_valid();
}

#[test]
fn everything_that_came_in_is_dropped_once() {
    let made = Arc::new(());
    let table = Table::<u64, Arc<()>>::new(lru(100), false);
    for key in 0..if cfg!(miri) { 800 } else { 10_000 } {
        let found = table.find(hash(key % 500, u64::MAX), &ByKey(&(key % 500)), |_, _| ());
        let (key, value) = (key % 500, Arc::clone(&made));
        let entry = Entry {
            hash: hash(key, u64::MAX),
            key,
            value,
            times: Times::until(NEVER),
            weight: 1,
            tags: None,
        };
        drop(table.insert(entry, found.map(|(ticket, ())| ticket), 0));
    }
    assert_eq!(table.len(), 100);
    let drops = (0..1_000_000).any(|_| {
        drop(table.collect());
        std::thread::yield_now();
        Arc::strong_count(&made) == 101
    });
    assert!(drops, "{} values for 100 entries", Arc::strong_count(&made) - 1);
    drop(table);
    assert_eq!(Arc::strong_count(&made), 1);
}

#[test]
fn tables_are_sound_under_every_policy() {
    let steps = if cfg!(miri) { 60 } else { 800 };
    for (seed, &policy) in (1..).zip(&program::POLICIES) {
        let options = Options::new().policy(policy);
        for max in if cfg!(miri) { vec![13] } else { vec![1, 2, 13, 40] } {
            program::run(&mut Dice(seed << 20 | max as u64), options.max(max).bound, 1, steps);
            program::run(
                &mut Dice(seed << 40 | max as u64),
                options.max_weight(max as u64 * 10).bound,
                10,
                steps,
            );
        }
        program::run(&mut Dice(seed << 50 | 1), options.max(20).max_weight(100).bound, 10, steps);
    }
}

impl program::Choices for Dice {
    fn roll(&mut self, sides: u64) -> Option<u64> {
        Some(Dice::roll(self, sides))
    }
}

/// A policy that does not keep its word.
struct Liar;

impl crate::policy::Policy for Liar {
    fn with_capacity(_: usize) -> Self {
        Self
    }

    fn record(&self) -> crate::policy::Record {
        crate::policy::Record::Events
    }

    fn insert(&mut self, _: u32, _: u64) {}

    fn evict(&mut self, incoming: u64, _: &mut dyn crate::policy::Entries) -> Option<u32> {
        match incoming % 4 {
            0 => None,
            1 => Some(0),
            2 => Some(u32::MAX),
            _ => Some(17),
        }
    }

    fn remove(&mut self, _: u32) {}

    fn len(&self) -> usize {
        0
    }

    fn contains(&self, _: u32) -> bool {
        true
    }
}

#[test]
fn a_policy_that_names_nobody_does_no_harm() {
    let table = Table::<u64, u64>::new(Options::new().max(5).policy_of::<Liar>().bound, false);
    for (len, key) in (1..).zip(0..1000) {
        let entry = Entry {
            hash: hash(key, u64::MAX),
            key,
            value: key,
            times: Times::until(NEVER),
            weight: 1,
            tags: None,
        };
        drop(table.insert(entry, None, 0));
        table.get(hash(key, u64::MAX), &ByKey(&key), 0, true, |_, _| ());
        assert_eq!(table.len(), 5.min(len));
    }
}

/// Texts that say which key they belong to, read by two threads while a third changes everything about the table.
#[test]
fn readers_see_whole_entries_whatever_a_writer_does() {
    let rounds = if cfg!(miri) { 60 } else { 20_000 };
    for bound in [lru(20), Options::new().max(30).bound, unbounded()] {
        let made = Arc::new(());
        let table = Table::<String, (String, Arc<()>)>::new(bound, false);
        let key = |number: u64| format!("key {}", number % 40);
        let text = |key: &String| format!("value of {key}");
        std::thread::scope(|scope| {
            for reader in 0..2 {
                let (table, key, text) = (&table, &key, &text);
                scope.spawn(move || {
                    for round in 0..rounds {
                        let key = key(round * (reader + 3));
                        let hash = hash(key.len() as u64 + round * (reader + 3) % 40, u64::MAX);
                        let value = table.get(hash, &ByKey(&key), 0, true, |_, value| value.0.clone());
                        assert!(value.is_none_or(|value| value == text(&key)));
                    }
                });
            }
            let mut dice = Dice(7);
            for round in 0..rounds {
                let key = key(round);
                let hash = hash(key.len() as u64 + round % 40, u64::MAX);
                let ticket = table.find(hash, &ByKey(&key), |_, _| ()).map(|(ticket, ())| ticket);
                match dice.roll(200) {
                    0 => drop(table.drain(0)),
                    1 => drop(table.remove_if(0, |key, _| key.ends_with('7'))),
                    2..40 => drop(ticket.map(|ticket| table.remove(hash, ticket, 0, RemovalCause::Explicit))),
                    _ => {
                        let (value, times) = ((text(&key), Arc::clone(&made)), Times::until(NEVER));
                        drop(table.insert(
                            Entry { hash, key, value, times, weight: 1, tags: None },
                            ticket,
                            0,
                        ));
                    }
                }
            }
        });
        table.assert_valid();
        drop(table);
        assert_eq!(Arc::strong_count(&made), 1, "each value is dropped once");
    }
}

#[test]
fn keys_of_one_hash_take_no_more_room_than_others() {
    let keys = if cfg!(miri) { 100 } else { 2_000 };
    // The last places of all, where there is nowhere to go on to.
    for hash in [u64::MAX, 0, 0x7fff_ffff_0000_0000] {
        let table = Table::<u64, u64>::new(unbounded(), false);
        for key in 0..keys {
            let entry = Entry { hash, key, value: key, times: Times::until(NEVER), weight: 1, tags: None };
            drop(table.insert(entry, None, 0));
        }
        assert!((0..keys).all(|key| table.get(hash, &ByKey(&key), 0, true, |_, value| *value) == Some(key)));
        table.assert_valid();
        assert!(table.capacity() < 16_384, "{}", table.capacity());
    }
}

#[cfg(not(cached_locks))]
#[test]
fn what_a_reader_held_up_is_dropped_once_it_has_gone() {
    let alive = Arc::new(());
    let table = Table::<u64, Arc<()>>::new(lru(10), false);
    let store = |key: u64| {
        let (value, times) = (Arc::clone(&alive), Times::until(NEVER));
        let entry = Entry { hash: hash(key, u64::MAX), key, value, times, weight: 1, tags: None };
        let mut inserted = table.insert(entry, None, 0);
        table.relieve(inserted.change, &mut inserted.garbage);
    };
    let (entered, wait_entered) = std::sync::mpsc::channel();
    let (leave, wait_leave) = std::sync::mpsc::channel::<()>();
    let reader = std::thread::spawn(move || {
        let _pin = crate::epoch::pin();
        entered.send(()).unwrap();
        wait_leave.recv().unwrap();
    });
    wait_entered.recv().unwrap();
    // More than writers wait for in vain, less than makes them sleep.
    (0..3000).for_each(store);
    assert_eq!(table.len(), 10);
    assert_eq!(Arc::strong_count(&alive), 3001, "nothing was freed under the reader");
    leave.send(()).unwrap();
    reader.join().unwrap();
    // Other tests' readers are brief.
    let mut key = 3000;
    while Arc::strong_count(&alive) > 11 {
        store(key);
        key += 1;
        std::thread::yield_now();
    }
}
