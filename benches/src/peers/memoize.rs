//! `memoize`: its attribute, with a cache for each thread, and with one for all of them behind a mutex.

use std::time::Duration;

use memoize::memoize;

use super::{Bound, Peer};
use crate::body;
use crate::contender::Contender;
use crate::key::{Key as _, Pair, Text};

const MEMOIZE: &str = "memoize";

/// Functions of a bound, and their contenders.
macro_rules! bounds {
    ($($name:ident: $bound:ident, $max:literal;)+) => {
        $(mod $name {
            use super::*;

            #[memoize(Capacity: $max)]
            fn lru(key: u64) -> u64 {
                body::of(key)
            }

            #[memoize(Capacity: $max, SharedCache)]
            fn shared(key: u64) -> u64 {
                body::of(key)
            }

            pub(super) fn contenders() -> Vec<Contender<u64>> {
                let setup = concat!("Capacity: ", stringify!($max));
                vec![
                    Contender::of_thread(MEMOIZE, setup, lru, memoized_flush_lru),
                    Contender::function(MEMOIZE, concat!("Capacity: ", stringify!($max), ", SharedCache"), shared, memoized_flush_shared),
                ]
            }
        })+

        fn by_bound(bound: Bound) -> Vec<Contender<u64>> {
            match bound {
                $(Bound::$bound => $name::contenders(),)+
            }
        }
    };
}

bounds! {
    thousand: Thousand, 1_000;
    two_thousand: TwoThousand, 2_000;
    ten_thousand: TenThousand, 10_000;
    million: Million, 1_000_000;
}

#[memoize]
fn unbounded(key: u64) -> u64 {
    body::of(key)
}

#[memoize(SharedCache)]
fn shared(key: u64) -> u64 {
    body::of(key)
}

#[memoize(TimeToLive: Duration::from_hours(1))]
fn ageing(key: u64) -> u64 {
    body::of(key)
}

#[memoize(SharedCache, TimeToLive: Duration::from_hours(1))]
fn shared_ageing(key: u64) -> u64 {
    body::of(key)
}

// It keeps keys as they come, so that a caller of borrowed text has to make it owned.
#[memoize(SharedCache)]
#[expect(clippy::needless_pass_by_value, reason = "see above")]
fn text(key: String) -> u64 {
    body::of(key.len() as u64)
}

#[memoize(SharedCache)]
fn pair(first: u32, second: u64) -> u64 {
    (first, second).body()
}

#[memoize(SharedCache)]
fn constant() -> u64 {
    body::of(0)
}

const OF_THREAD: &str = "#[memoize], of the thread";
const SHARED: &str = "#[memoize(SharedCache)]";

pub(super) struct Memoize;

impl Peer for Memoize {
    fn unbounded(&self, _: usize) -> Vec<Contender<u64>> {
        vec![
            Contender::of_thread(MEMOIZE, OF_THREAD, unbounded, memoized_flush_unbounded),
            Contender::function(MEMOIZE, SHARED, shared, memoized_flush_shared),
        ]
    }

    fn bounded(&self, bound: Bound) -> Vec<Contender<u64>> {
        by_bound(bound)
    }

    fn ageing(&self) -> Vec<Contender<u64>> {
        let setup = "TimeToLive: 3600 s";
        vec![
            Contender::of_thread(MEMOIZE, "TimeToLive, of the thread", ageing, memoized_flush_ageing),
            Contender::function(MEMOIZE, setup, shared_ageing, memoized_flush_shared_ageing),
        ]
    }

    fn texts(&self, _: usize) -> Vec<Contender<Text>> {
        let call = |key: Text| text(key.to_owned());
        vec![Contender::function(MEMOIZE, SHARED, call, memoized_flush_text)]
    }

    fn pairs(&self, _: usize) -> Vec<Contender<Pair>> {
        let call = |(first, second)| pair(first, second);
        vec![Contender::function(MEMOIZE, SHARED, call, memoized_flush_pair)]
    }

    fn constant(&self) -> Vec<Contender<()>> {
        vec![Contender::function(MEMOIZE, SHARED, |()| constant(), memoized_flush_constant)]
    }
}
