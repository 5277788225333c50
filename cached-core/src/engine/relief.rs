//! What writers do where readers hold up the freeing of what was removed.
//!
//! Most often such a reader was interrupted, and needs no more than the processor. One that stays, in a long `Clone` or
//! `with`, would make the garbage of all caches grow as fast as writers write. So writers give way, then let it be as long as
//! that does not help, and at last slow down to a pace at which garbage does not matter.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::raw::RawTable;
use super::removed::Change;
use super::shelf::Garbage;
use crate::epoch;

/// How many batches of garbage may wait for readers before writers give way to them, and how often they do.
pub(super) const CROWD: usize = 4;
const PATIENCE: usize = 32;
/// From so many times the live entries on (or a thousand, if there are less) a writer waits for about a millisecond: then
/// each makes a thousand pieces of garbage in a second at the most.
const GLUT: usize = 8;
const FEW: usize = 1000;
const PAUSE: Duration = Duration::from_micros(50);
const PAUSES: usize = 20;

/// Up to how much garbage giving way has not helped of late.
#[derive(Default)]
pub(super) struct Relief {
    hopeless: AtomicUsize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    GoOn,
    /// Let others run, so often.
    Yield,
    /// Sleep in between.
    Pause,
}

impl Relief {
    fn way(&self, resting: usize, live: usize, batch: usize) -> Way {
        if resting > live.max(FEW) * GLUT {
            Way::Pause
        } else if resting > batch * CROWD && resting > self.hopeless.load(Ordering::Relaxed) {
            Way::Yield
        } else {
            Way::GoOn
        }
    }

    /// Giving way has ended with so much garbage left.
    fn note(&self, resting: usize, batch: usize) {
        let hopeless = if resting > batch * CROWD { resting * 2 } else { 0 };
        self.hopeless.store(hopeless, Ordering::Relaxed);
    }
}

impl RawTable {
    /// Gives way to readers that stand in the way of garbage, so that it does not pile up behind them; for a while, since one may
    /// be at work in a long `Clone`, or wait for this writer. To be called with nothing locked.
    #[inline]
    pub(crate) fn relieve(&self, change: Change, garbage: &mut Garbage) {
        if let Some(resting) = change.resting {
            self.give_way(garbage, resting);
        }
    }

    #[cold]
    fn give_way(&self, garbage: &mut Garbage, mut resting: usize) {
        let batch = self.batch();
        let way = self.relief.way(resting, self.len(), batch);
        let times = match way {
            // Nobody else is in the way.
            _ if epoch::is_inside() => return,
            Way::GoOn => return,
            Way::Yield => PATIENCE,
            Way::Pause => PAUSES,
        };
        for _ in 0..times {
            pause(way);
            resting = self.gather(batch, garbage);
            if resting <= batch * CROWD {
                break;
            }
        }
        self.relief.note(resting, batch);
    }

    /// Collects what is free; how much is left in all.
    fn gather(&self, batch: usize, garbage: &mut Garbage) -> usize {
        let mut left = 0;
        for mut shelf in self.shelves() {
            garbage.extend(shelf.collect(batch));
            left += shelf.count_resting();
        }
        left
    }
}

fn pause(way: Way) {
    // Where there are no threads nobody is in the way; and a schedule explorer's do not run meanwhile.
    let sleeps = !cfg!(any(shuttle, all(target_family = "wasm", target_os = "unknown")));
    if way == Way::Pause && sleeps {
        std::thread::sleep(PAUSE);
    } else {
        std::thread::yield_now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_give_way_until_it_does_not_help_and_slow_down_at_last() {
        let relief = Relief::default();
        assert_eq!(relief.way(40, 10, 10), Way::GoOn);
        assert_eq!(relief.way(41, 10, 10), Way::Yield);
        relief.note(41, 10);
        assert_eq!(relief.way(82, 10, 10), Way::GoOn, "it did not help");
        assert_eq!(relief.way(83, 10, 10), Way::Yield, "now and then it is tried again");
        relief.note(10, 10);
        assert_eq!(relief.way(41, 10, 10), Way::Yield, "it helped");
        assert_eq!(relief.way(FEW * GLUT + 1, 10, 10), Way::Pause);
        assert_eq!(relief.way(FEW * GLUT + 1, FEW + 1, 10), Way::Yield);
    }
}
