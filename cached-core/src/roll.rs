//! A list of caches that does not keep them.

use std::sync::{Arc, Weak};

use crate::store::AnyStore;

/// Caches that are listed for as long as somebody has them.
pub(crate) struct Roll(Vec<Weak<dyn AnyStore>>);

impl Roll {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn add(&mut self, store: Weak<dyn AnyStore>) {
        if self.0.len() == self.0.capacity() {
            // Those that are gone make room; as much again for those to come, or this would be done for each of them.
            self.0.retain(|store| store.strong_count() > 0);
            self.0.reserve(self.0.len().max(4));
        }
        self.0.push(store);
    }

    pub(crate) fn all(&self) -> Vec<Arc<dyn AnyStore>> {
        self.0.iter().filter_map(Weak::upgrade).collect()
    }
}

impl Default for Roll {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cache;
    use crate::store::Store;

    #[test]
    fn caches_that_are_gone_leave_no_list_behind() {
        let (mut roll, mut kept) = (Roll::new(), Vec::new());
        for n in 0..10_000 {
            let cache: Cache<u32, u32> = Cache::default();
            roll.add(Arc::<Store<u32, u32>>::downgrade(cache.store()));
            kept.extend((n % 100 == 0).then_some(cache));
        }
        assert_eq!(roll.all().len(), kept.len());
        assert!(roll.0.len() <= 4 * kept.len(), "{}", roll.0.len());
    }
}
