//! The libraries, one file each. Another library, or another policy of one, is a [`Peer`] more or a contender more.

mod cached;
mod cachelito;
mod foyer;
mod maps;
mod memoize;
mod moka;
mod ours;
mod quick_cache;
mod raw;

use std::collections::HashSet;

use crate::contender::Contender;
use crate::key::{Pair, Text};

pub(crate) use ours::OURS;
pub(crate) use raw::RAW;

/// What a library can take part in. Whatever it does not have, it leaves out.
pub(crate) trait Peer {
    /// `u64` to `u64`, keeping all of so many keys: without a bound, or, where there must be one, with [`room`].
    fn unbounded(&self, keys: usize) -> Vec<Contender<u64>> {
        let _ = keys;
        Vec::new()
    }

    /// `u64` to `u64`, keeping all of so many keys, and having begun small.
    fn growing(&self, keys: usize) -> Vec<Contender<u64>> {
        self.unbounded(keys)
    }

    /// `u64` to `u64`, keeping so much.
    fn bounded(&self, bound: Bound) -> Vec<Contender<u64>> {
        let _ = bound;
        Vec::new()
    }

    /// `u64` to `u64`, keeping everything for an hour.
    fn ageing(&self) -> Vec<Contender<u64>> {
        Vec::new()
    }

    /// Looked up by borrowed text, keeping all of so many.
    fn texts(&self, keys: usize) -> Vec<Contender<Text>> {
        let _ = keys;
        Vec::new()
    }

    /// Two arguments, keeping all of so many.
    fn pairs(&self, keys: usize) -> Vec<Contender<Pair>> {
        let _ = keys;
        Vec::new()
    }

    /// A function without arguments.
    fn constant(&self) -> Vec<Contender<()>> {
        Vec::new()
    }

    /// `u64` to `u64`, asynchronous, keeping all of so many keys.
    fn tasks(&self, keys: usize) -> Vec<Contender<u64>> {
        let _ = keys;
        Vec::new()
    }

    /// A generic function, called for `u64`.
    fn generic(&self) -> Vec<Contender<u64>> {
        Vec::new()
    }
}

/// The bounds that workloads use. A closed list, because attributes take theirs when they are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Always full.
    Thousand,
    /// The [`room`] for a thousand keys.
    TwoThousand,
    /// A tenth of the keys of the mixed workload.
    TenThousand,
    /// Large, to see what an entry takes.
    Million,
}

impl Bound {
    #[cfg(test)]
    const ALL: [Self; 4] = [Self::Thousand, Self::TwoThousand, Self::TenThousand, Self::Million];

    pub(crate) const fn entries(self) -> usize {
        match self {
            Self::Thousand => 1_000,
            Self::TwoThousand => 2_000,
            Self::TenThousand => 10_000,
            Self::Million => 1_000_000,
        }
    }
}

/// The bound under which all of so many keys stay, also where it is divided over shards that fill unevenly.
const fn room(keys: usize) -> usize {
    2 * keys
}

/// A number as one writes it: `10_000`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// The limit first, then this library: tables relate to their first row.
const ALL: [&dyn Peer; 10] = [
    &raw::Raw,
    &ours::Ours,
    &cached::Cached,
    &memoize::Memoize,
    &cachelito::Cachelito,
    &quick_cache::QuickCache,
    &moka::Moka,
    &foyer::Foyer,
    &maps::Papaya,
    &maps::DashMap,
];

/// The contenders that all peers together have. Each once, also where a workload asks for two kinds of which a
/// library has one.
pub(crate) fn all<K: Copy + 'static>(of: impl Fn(&dyn Peer) -> Vec<Contender<K>>) -> Vec<Contender<K>> {
    let mut seen = HashSet::new();
    let mut all: Vec<_> = ALL.into_iter().flat_map(of).collect();
    all.retain(|contender| seen.insert((contender.library, contender.setup.clone())));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body;
    use crate::contender::Calls;

    fn check<K: Copy + 'static>(contenders: Vec<Contender<K>>, keys: &[K]) {
        for contender in contenders {
            assert!(
                contender.library.len() <= 11 && contender.setup.len() <= 34,
                "{contender:?} fits a table"
            );
            contender.run(keys, Calls::Independent);
            contender.clear();
            let before = body::runs();
            contender.run(keys, Calls::Independent);
            assert_eq!(body::runs() - before, keys.len() as u64, "{contender:?} starts empty");
            contender.run(keys, Calls::Dependent);
            assert_eq!(body::runs() - before, keys.len() as u64, "{contender:?} keeps what it computed");
            contender.clear();
        }
    }

    /// In one test, because functions have one cache each, which clearing would take from under another.
    #[test]
    fn all_contenders_cache() {
        let keys = [1, 2, 3, 4];
        check(all(|peer| peer.unbounded(1_000)), &keys);
        check(all(|peer| peer.growing(1_000)), &keys);
        check(all(|peer| peer.ageing()), &keys);
        check(all(|peer| peer.texts(1_000)), &["a", "bc"]);
        check(all(|peer| peer.pairs(1_000)), &[(1, 2), (2, 1)]);
        check(all(|peer| peer.constant()), &[()]);
        check(all(|peer| peer.tasks(1_000)), &keys);
        check(all(|peer| peer.generic()), &keys);
        for bound in Bound::ALL {
            check(all(|peer| peer.bounded(bound)), &keys);
        }
    }

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!([7, 1_000, 20_000, 2_000_000].map(grouped), ["7", "1_000", "20_000", "2_000_000"]);
    }
}
