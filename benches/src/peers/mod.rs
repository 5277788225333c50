//! The libraries, one file each. Another library, or another policy of one, is a [`Peer`] more or a contender more.

mod cached;
mod moka;
mod ours;
mod quick_cache;
mod raw;

use crate::contender::Contender;

/// What a library can take part in. Whatever it does not have, it leaves out.
pub(crate) trait Peer {
    /// `u64` to `u64`, keeping everything.
    fn unbounded(&self) -> Vec<Contender<u64>> {
        Vec::new()
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

    /// Looked up by borrowed text, with room for [`TEXTS`].
    fn text(&self) -> Vec<Contender<&'static str>> {
        Vec::new()
    }

    /// A function without arguments.
    fn constant(&self) -> Vec<Contender<()>> {
        Vec::new()
    }
}

/// The bounds that workloads use. A closed list, because attributes take theirs when they are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Always full.
    Thousand,
    /// Room for a thousand keys also where the bound is divided over shards that fill unevenly.
    TwoThousand,
    /// A tenth of the keys of the mixed workload.
    TenThousand,
}

impl Bound {
    pub(crate) const fn entries(self) -> usize {
        match self {
            Self::Thousand => 1_000,
            Self::TwoThousand => 2_000,
            Self::TenThousand => 10_000,
        }
    }
}

/// Twice as many texts as are looked up, for the reason of [`Bound::TwoThousand`].
pub(crate) const TEXTS: usize = 20_000;

/// The limit first, then this library: tables relate to their first row.
const ALL: [&dyn Peer; 5] = [&raw::Raw, &ours::Ours, &cached::Cached, &quick_cache::QuickCache, &moka::Moka];

/// The contenders that all peers together have.
pub(crate) fn all<K>(of: impl Fn(&dyn Peer) -> Vec<Contender<K>>) -> Vec<Contender<K>> {
    ALL.into_iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body;

    fn check<K: Copy + 'static>(contenders: Vec<Contender<K>>, keys: &[K]) {
        for contender in contenders {
            assert!(
                contender.library.len() <= 11 && contender.setup.len() <= 39,
                "{contender:?} fits a table"
            );
            contender.clear();
            let before = body::runs();
            contender.run(keys);
            assert_eq!(body::runs() - before, keys.len() as u64, "{contender:?} starts empty");
            contender.run(keys);
            assert_eq!(body::runs() - before, keys.len() as u64, "{contender:?} keeps what it computed");
        }
    }

    /// In one test, because functions have one cache each, which clearing would take from under another.
    #[test]
    fn all_contenders_cache() {
        let keys = [1, 2, 3, 4];
        check(all(|peer| peer.unbounded()), &keys);
        check(all(|peer| peer.ageing()), &keys);
        check(all(|peer| peer.text()), &["a", "b"]);
        check(all(|peer| peer.constant()), &[()]);
        for bound in [Bound::Thousand, Bound::TwoThousand, Bound::TenThousand] {
            check(all(|peer| peer.bounded(bound)), &keys);
        }
    }
}
