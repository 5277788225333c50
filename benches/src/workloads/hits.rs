//! Hits on one thread: throughput, and latency in the columns of chained calls.

use super::Workload;
use crate::contender::Contender;
use crate::key::{Pair, Text};
use crate::measure::Plan;
use crate::peers::{self, Bound};
use crate::random::{Random, scramble};

pub(super) const U64: Workload = Workload {
    name: "hit-u64",
    title: "hit, u64 to u64, 1,000 keys",
    run: |workload, settings| workload.measure(&numbers(), &plan(1_000, u64::from), settings),
};

pub(super) const U64_MILLION: Workload = Workload {
    name: "hit-u64-1m",
    title: "hit, u64 to u64, 1,000,000 keys",
    run: |workload, settings| {
        let contenders = peers::all(|peer| peer.unbounded(MILLION));
        workload.measure(&contenders, &plan(MILLION, u64::from), settings)
    },
};

pub(super) const TEXT: Workload = Workload {
    name: "hit-str",
    title: "hit, &str of 24 bytes to u64, 1,000 keys",
    run: |workload, settings| workload.measure(&texts(1_000), &plan(1_000, text), settings),
};

pub(super) const TEXT_MORE: Workload = Workload {
    name: "hit-str-10k",
    title: "hit, &str of 24 bytes to u64, 10,000 keys",
    run: |workload, settings| workload.measure(&texts(10_000), &plan(10_000, text), settings),
};

pub(super) const TEXT_MILLION: Workload = Workload {
    name: "hit-str-1m",
    title: "hit, &str of 24 bytes to u64, 1,000,000 keys",
    run: |workload, settings| workload.measure(&texts(MILLION), &plan(MILLION, text), settings),
};

pub(super) const PAIR: Workload = Workload {
    name: "hit-tuple",
    title: "hit, (u32, u64) to u64, 1,000 keys",
    run: |workload, settings| workload.measure(&pairs(1_000), &plan(1_000, pair), settings),
};

pub(super) const PAIR_MILLION: Workload = Workload {
    name: "hit-tuple-1m",
    title: "hit, (u32, u64) to u64, 1,000,000 keys",
    run: |workload, settings| workload.measure(&pairs(MILLION), &plan(MILLION, pair), settings),
};

pub(super) const TTL: Workload = Workload {
    name: "hit-ttl",
    title: "hit, u64 to u64, 1,000 keys, with a time to live",
    run: |workload, settings| {
        let contenders = peers::all(|peer| peer.ageing());
        workload.measure(&contenders, &plan(1_000, u64::from), settings)
    },
};

pub(super) const ASYNC: Workload = Workload {
    name: "hit-async",
    title: "hit, u64 to u64, 1,000 keys, asynchronous",
    run: |workload, settings| {
        let contenders = peers::all(|peer| peer.tasks(1_000));
        workload.measure(&contenders, &plan(1_000, u64::from), settings)
    },
};

pub(super) const GENERIC: Workload = Workload {
    name: "hit-generic",
    title: "hit, u64 to u64, 1,000 keys, of a generic function",
    run: |workload, settings| {
        let contenders = peers::all(|peer| peer.generic());
        workload.measure(&contenders, &plan(1_000, u64::from), settings)
    },
};

pub(super) const CONSTANT: Workload = Workload {
    name: "hit-zero-args",
    title: "hit, a function without arguments",
    run: |workload, settings| {
        let contenders = peers::all(|peer| peer.constant());
        workload.measure(&contenders, &Plan::hits(vec![()], vec![vec![(); 20_000]]), settings)
    },
};

const MILLION: usize = 1_000_000;

/// Of calls, in the stream of a workload, at least.
const CALLS: usize = 20_000;

/// Contenders that hold a thousand numbers, with and without a bound.
pub(super) fn numbers() -> Vec<Contender<u64>> {
    peers::all(|peer| {
        let mut own = peer.unbounded(1_000);
        own.extend(peer.bounded(Bound::TwoThousand));
        own
    })
}

pub(super) fn texts(keys: usize) -> Vec<Contender<Text>> {
    peers::all(|peer| peer.texts(keys))
}

fn pairs(keys: usize) -> Vec<Contender<Pair>> {
    peers::all(|peer| peer.pairs(keys))
}

/// Numbers that are spread out.
pub(super) fn number(index: usize) -> u64 {
    scramble(index as u64)
}

/// 24 bytes. They live as long as the process, as keys of contenders do.
pub(super) fn text(number: u64) -> Text {
    format!("customer{number:016x}").leak()
}

#[expect(clippy::cast_possible_truncation, reason = "any part of a scrambled number will do")]
fn pair(number: u64) -> Pair {
    (number as u32, number)
}

/// So many keys, in an order that differs from pass to pass.
fn plan<K: Copy>(keys: usize, key: fn(u64) -> K) -> Plan<K> {
    let keys: Vec<K> = (0..keys).map(|index| key(number(index))).collect();
    let stream = Random::new(1).passes(&keys, CALLS.div_ceil(keys.len()));
    Plan::hits(keys, vec![stream])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_as_long_as_the_titles_say() {
        assert!((0..100).all(|index| text(number(index)).len() == 24));
    }
}
