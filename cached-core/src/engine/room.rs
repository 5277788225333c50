//! Room for what a table does not hold itself.

use std::sync::atomic::Ordering;

use super::raw::RawTable;
use super::removed::Removed;
use crate::removal::RemovalCause;

impl RawTable {
    /// Takes out who would leave next, of a table with one shelf.
    pub(crate) fn evict(&self) -> Removed {
        let part = &self.parts[0];
        let mut removed = Removed::default();
        let mut shelf = part.shelf.write();
        if shelf.live() > 0 {
            part.learn(&mut shelf);
            let (view, ranks) = shelf.split();
            if let Some(victim) = ranks.victim(&view, 0) {
                shelf.remove(victim, RemovalCause::Size);
            }
            let (view, ranks) = shelf.split();
            ranks.tidy(&view);
            part.note(&mut shelf);
        }
        debug_assert_eq!(part.len.load(Ordering::Relaxed), shelf.live());
        removed.garbage.push(shelf.collect(1));
        removed
    }
}
