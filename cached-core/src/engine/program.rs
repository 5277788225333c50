//! Programs on a table, by a dice or by a fuzzer, and what holds after every step of them under every policy: what is found
//! is what was put there, there is never too much, and the structure is sound.

use std::collections::HashMap;

use super::age::Times;
use super::entry::Entry;
use super::table::Table;
use crate::clock::NEVER;
use crate::key::ByKey;
use crate::options::Bound;
#[cfg(fuzzing)]
use crate::options::Options;
use crate::policy::PolicyKind;
use crate::removal::RemovalCause;

pub(super) const POLICIES: [PolicyKind; 10] = [
    PolicyKind::Adaptive,
    PolicyKind::Arc,
    PolicyKind::Fifo,
    PolicyKind::Lfu,
    PolicyKind::Lirs,
    PolicyKind::Lru,
    PolicyKind::Random,
    PolicyKind::S3Fifo,
    PolicyKind::Sieve,
    PolicyKind::TinyLfu,
];

/// Where a program comes from.
pub(super) trait Choices {
    /// A number below `sides`; `None` at the program's end.
    fn roll(&mut self, sides: u64) -> Option<u64>;
}

/// Few hashes for many keys, so that every path for equal ones is walked.
fn hash(key: u64) -> u64 {
    (key % 50).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Runs up to so many steps.
pub(super) fn run(choices: &mut impl Choices, bound: Bound, heaviest: u64, steps: u64) {
    let table = Table::<u64, Box<u64>>::new(bound, true);
    let (mut latest, mut now) = (HashMap::new(), 1);
    for number in 0..steps {
        if step(choices, &table, &mut latest, &mut now, number, heaviest).is_none() {
            return;
        }
        table.assert_valid();
    }
}

fn step(
    choices: &mut impl Choices,
    table: &Table<u64, Box<u64>>,
    latest: &mut HashMap<u64, u64>,
    now: &mut u64,
    number: u64,
    heaviest: u64,
) -> Option<()> {
    let key = choices.roll(60)?;
    let ticket = table.find(hash(key), &ByKey(&key), |_, _| ()).map(|(ticket, ())| ticket);
    match choices.roll(20)? {
        0..=9 => {
            let value = table.get(hash(key), &ByKey(&key), *now, true, |_, value| **value);
            assert!(value.is_none() || value == latest.get(&key).copied(), "a value of another time");
        }
        10..=16 => {
            let deadline = if choices.roll(2)? == 0 { *now + choices.roll(50)? } else { NEVER };
            let (weight, times) = (1 + choices.roll(heaviest)?, Times::until(deadline));
            let entry = Entry { hash: hash(key), key, value: Box::new(number), times, weight, tags: None };
            drop(table.insert(entry, ticket, *now));
            latest.insert(key, number);
            assert!(table.find(hash(key), &ByKey(&key), |_, _| ()).is_some(), "a newcomer is in");
        }
        17 => drop(ticket.map(|ticket| table.remove(hash(key), ticket, *now, RemovalCause::Explicit))),
        18 if choices.roll(30)? == 0 => drop(table.drain(*now)),
        18 => drop(table.remove_if(*now, |other, _| *other == key)),
        _ => {
            *now += choices.roll(10)?;
            drop(table.sweep(*now));
        }
    }
    Some(())
}

/// A program written by a fuzzer: a byte for each choice.
#[cfg(fuzzing)]
struct Bytes<'a>(&'a [u8]);

#[cfg(fuzzing)]
impl Choices for Bytes<'_> {
    fn roll(&mut self, sides: u64) -> Option<u64> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(u64::from(*first) % sides)
    }
}

/// Runs the program that a fuzzer has written.
#[cfg(fuzzing)]
pub fn fuzz(data: &[u8]) {
    let mut bytes = Bytes(data);
    let (Some(policy), Some(bounds), Some(max)) = (bytes.roll(10), bytes.roll(3), bytes.roll(70)) else {
        return;
    };
    let mut options = Options::new().policy(POLICIES[usize::try_from(policy).unwrap_or(0)]);
    if bounds != 1 {
        options = options.max(usize::try_from(max).unwrap_or(0) + 1);
    }
    if bounds != 0 {
        options = options.max_weight(max * 4 + 10);
    }
    run(&mut bytes, options.bound, 10, u64::MAX);
}
