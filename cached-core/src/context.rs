//! Which load runs on whose behalf, who waits for which, and whether that is a circle.
//!
//! A load knows the load that it was called from. A caller inside a load that is to wait for another load follows
//! the chain first: what does that load wait for, in any of the calls made from it, and what does that one wait for …
//! If the chain comes back to a load that the caller is inside of, waiting would never end, and the call panics with the
//! names of all calls on the way. It is the same for threads and for tasks; only callers inside a load that really
//! have to wait pay for it.

use std::any::Any;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::level;
use crate::sync::{StaticMutex, assert_unguarded, thread_local};

/// A running load, whatever its function's types are.
pub(crate) trait Frame: Send + Sync {
    /// The load it was called from; `None` also once it has landed.
    fn parent(&self) -> Option<Arc<dyn Frame>>;
    fn has_landed(&self) -> bool;
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
    /// The load that brings what this one waits for, where that is another: that of a batch.
    fn runs_in(&self) -> Option<Arc<dyn Frame>> {
        None
    }
    /// For its own cache, which knows the types.
    fn as_any(&self) -> &dyn Any;
}

type Shared = Arc<dyn Frame>;

thread_local! {
    static CURRENT: Cell<Option<Shared>> = const { Cell::new(None) };
    /// Whether there is one: most callers want to know no more.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Whether no load runs on this thread.
#[inline]
pub(crate) fn is_outside() -> bool {
    INSIDE.try_with(Cell::get) == Ok(false) && !level::is_noted()
}

/// The load that runs on this thread, the innermost one. `None` outside of any, and in a thread's last moments, when its
/// locals are gone.
#[inline]
pub(crate) fn current() -> Option<Shared> {
    if INSIDE.try_with(Cell::get) == Ok(false) {
        return level::outermost();
    }
    let cloned = CURRENT.try_with(|current| {
        let frame = current.take();
        current.set(frame.clone());
        frame
    });
    cloned.ok().flatten()
}

/// Makes a load the one that runs on this thread, for as long as the answer lives.
#[inline]
pub(crate) fn enter(frame: Shared) -> Entered {
    let _ = INSIDE.try_with(|inside| inside.set(true));
    Entered(CURRENT.try_with(|current| current.replace(Some(frame))).ok().flatten())
}

/// See [`enter`]. Holds the load around it.
pub(crate) struct Entered(Option<Shared>);

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        let outer = self.0.take();
        let _ = INSIDE.try_with(|inside| inside.set(outer.is_some()));
        // Dropped outside of the cell: with a load goes a key, whose drop is user code.
        let left = CURRENT.try_with(|current| current.replace(outer));
        drop(left);
    }
}

/// A caller that is to wait, by the loads it is inside of, for `target`.
struct Wait {
    number: u64,
    chain: Chain,
    target: Shared,
}

static WAITS: StaticMutex<Waits> = StaticMutex::new(Waits { by_load: BTreeMap::new(), numbers: 0 });

/// All such callers, each under every load that it is inside of: whoever follows a chain of waits from one load to
/// the next looks at no others.
struct Waits {
    by_load: BTreeMap<(usize, u64), Arc<Wait>>,
    numbers: u64,
}

impl Waits {
    fn note(&mut self, chain: Chain, target: Shared) -> Arc<Wait> {
        self.numbers += 1;
        let wait = Arc::new(Wait { number: self.numbers, chain, target });
        for frame in &wait.chain.0 {
            self.by_load.insert((address(frame), wait.number), Arc::clone(&wait));
        }
        wait
    }

    fn forget(&mut self, wait: &Wait) {
        for frame in &wait.chain.0 {
            self.by_load.remove(&(address(frame), wait.number));
        }
    }

    /// Whoever waits inside of this load.
    fn inside(&self, load: &Shared) -> impl Iterator<Item = &Wait> {
        let load = address(load);
        self.by_load.range((load, 0)..=(load, u64::MAX)).map(|(_, wait)| &**wait)
    }
}

/// Notes that the load that runs here waits for another, for as long as the answer lives. Outside of any load there is
/// nothing to note: nobody can wait for such a caller.
///
/// # Errors
/// If that other load itself waits, over any number of calls, for one that this caller is inside of.
pub(crate) fn wait_for(target: &Shared) -> Result<Waiting, Circle> {
    let Some(innermost) = current() else { return Ok(Waiting(None)) };
    let own = Chain::of(&innermost);
    // Outlives the lock: with a load goes a key, whose drop is user code.
    let mut runs = Vec::new();
    // Noted and checked at once: of the callers that close a circle together, the last one sees all others.
    let mut waits = WAITS.lock();
    match find_cycle(&waits, &own, target, &mut runs) {
        Some(frames) => Err(Circle(frames)),
        None => Ok(Waiting(Some(waits.note(own, Arc::clone(target))))),
    }
}

/// Calls each of which would wait for the next, and the last for the first.
pub(crate) struct Circle(Vec<Shared>);

impl Circle {
    /// Panics, naming the calls. The caller waits no longer by then: its locals are dropped while this unwinds.
    #[cold]
    pub(crate) fn report(&self) -> ! {
        // `Debug` of the keys is user code.
        assert_unguarded();
        panic!("cyclic memoized call: {self}");
    }
}

/// See [`wait_for`].
pub(crate) struct Waiting(Option<Arc<Wait>>);

impl Drop for Waiting {
    fn drop(&mut self) {
        // Dropped with nothing locked: with a load goes a key, whose drop is user code.
        if let Some(wait) = self.0.take() {
            WAITS.lock().forget(&wait);
        }
    }
}

/// For a caller that is to lead a load although one of the same key may run around it: one that has lost its lease, which
/// nobody can wait for any more.
///
/// # Panics
/// If such a load is among those that this caller is inside of.
pub(crate) fn assert_not_inside(is_same: &dyn Fn(&dyn Any) -> bool) {
    let Some(innermost) = current() else { return };
    let chain = Chain::of(&innermost);
    if let Some(at) = chain.0.iter().position(|frame| is_same(frame.as_any())) {
        let frames: Vec<Shared> = chain.0[at..].iter().chain([&chain.0[at]]).cloned().collect();
        Circle(frames).report();
    }
}

/// A load and those around it, outermost first.
struct Chain(Vec<Shared>);

impl Chain {
    fn of(innermost: &Shared) -> Self {
        let mut frames = vec![Arc::clone(innermost)];
        while let Some(parent) = frames.last().and_then(|frame| frame.parent()) {
            frames.push(parent);
        }
        frames.reverse();
        Self(frames)
    }

    /// The part from this load inwards, if it is there.
    fn from(&self, first: &Shared) -> Option<&[Shared]> {
        let at = self.0.iter().position(|frame| same(frame, first))?;
        Some(&self.0[at..])
    }
}

/// The calls of the circle that would close if a caller inside of `own` waited for `target`. Runs under the lock of the
/// waits, which keep alive whatever is looked at here, but for the runs of batches: those it puts aside.
fn find_cycle(waits: &Waits, own: &Chain, target: &Shared, runs: &mut Vec<Shared>) -> Option<Vec<Shared>> {
    // Loads still to be followed, each with the calls that led there.
    let mut open: Vec<(Shared, Vec<Shared>)> = vec![(Arc::clone(target), Vec::new())];
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    while let Some((load, way)) = open.pop() {
        // A load that has landed holds nobody up: who waited for it is only just waking.
        if load.has_landed() {
            continue;
        }
        let run = load.runs_in();
        runs.extend(run.clone());
        let load = run.unwrap_or(load);
        if load.has_landed() || !seen.insert(address(&load)) {
            continue;
        }
        if let Some(rest) = own.from(&load) {
            let first = way.first().or(rest.first()).unwrap_or(target);
            return Some(way.iter().chain(rest).chain([first]).cloned().collect());
        }
        for wait in waits.inside(&load) {
            if let Some(inwards) = wait.chain.from(&load) {
                open.push((Arc::clone(&wait.target), way.iter().chain(inwards).cloned().collect()));
            }
        }
    }
    None
}

fn address(frame: &Shared) -> usize {
    Arc::as_ptr(frame).addr()
}

fn same(a: &Shared, b: &Shared) -> bool {
    address(a) == address(b)
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, frame) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" -> ")?;
            }
            frame.fmt(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    struct Load {
        name: &'static str,
        parent: Option<Shared>,
        landed: AtomicBool,
    }

    impl Frame for Load {
        fn parent(&self) -> Option<Shared> {
            self.parent.clone()
        }

        fn has_landed(&self) -> bool {
            self.landed.load(Ordering::Relaxed)
        }

        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.name)
        }

        fn as_any(&self) -> &dyn Any {
            self
        }
    }

    fn load(name: &'static str, parent: Option<&Arc<Load>>) -> Arc<Load> {
        let parent = parent.map(|parent| Arc::clone(parent) as Shared);
        Arc::new(Load { name, parent, landed: AtomicBool::new(false) })
    }

    type Wanted<'a> = (&'a Arc<Load>, &'a Arc<Load>);

    /// Whoever is to wait inside of one load for another, while others wait so already.
    fn cycle(others: &[Wanted<'_>], own: &Arc<Load>, target: &Arc<Load>) -> Option<String> {
        let share = |load: &Arc<Load>| Arc::clone(load) as Shared;
        let mut waits = Waits { by_load: BTreeMap::new(), numbers: 0 };
        let noted: Vec<_> = others
            .iter()
            .map(|(waiter, target)| waits.note(Chain::of(&share(waiter)), share(target)))
            .collect();
        let found = find_cycle(&waits, &Chain::of(&share(own)), &share(target), &mut Vec::new());
        noted.iter().for_each(|wait| waits.forget(wait));
        assert!(waits.by_load.is_empty());
        found.map(|frames| Circle(frames).to_string())
    }

    #[test]
    fn a_circle_is_named_from_the_load_that_closes_it() {
        let (a, x) = (load("a", None), load("x", None));
        let (b, y) = (load("b", Some(&a)), load("y", Some(&x)));
        assert_eq!(cycle(&[], &b, &a).unwrap(), "a -> b -> a");
        assert_eq!(cycle(&[], &b, &b).unwrap(), "b -> b");
        assert_eq!(cycle(&[], &b, &x), None);
        // In y, inside of x, somebody waits for a.
        assert_eq!(cycle(&[(&y, &a)], &b, &x).unwrap(), "x -> y -> a -> b -> x");
        assert_eq!(cycle(&[(&x, &a)], &b, &y), None, "x waits, not y");
    }

    #[test]
    fn a_load_that_has_landed_closes_no_circle() {
        let (a, x) = (load("a", None), load("x", None));
        let b = load("b", Some(&a));
        let waits = [(&x, &a)];
        assert!(cycle(&waits, &b, &x).is_some());
        // Who waited for x is only just waking, so nothing is in its way any more.
        x.landed.store(true, Ordering::Relaxed);
        assert_eq!(cycle(&waits, &b, &x), None);
    }

    #[test]
    fn all_that_a_load_waits_for_is_followed() {
        let (outer, x, p, q) = (load("a", None), load("x", None), load("p", None), load("q", None));
        let own = load("b", Some(&outer));
        // Two tasks inside of x wait, one of them for nothing that matters; and a circle that is not ours.
        let waits = [(&x, &p), (&x, &q), (&q, &outer), (&p, &x)];
        assert_eq!(cycle(&waits, &own, &x).unwrap(), "x -> q -> a -> b -> x");
        assert_eq!(cycle(&waits[..1], &own, &x), None);
    }

    /// A load of a batch whose run ends while somebody looks at it.
    struct Fading(Arc<Load>);

    impl Frame for Fading {
        fn parent(&self) -> Option<Shared> {
            None
        }

        fn has_landed(&self) -> bool {
            false
        }

        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0.name)
        }

        fn runs_in(&self) -> Option<Shared> {
            Some(Arc::new(Fading(Arc::clone(&self.0))))
        }

        fn as_any(&self) -> &dyn Any {
            self
        }
    }

    impl Drop for Fading {
        fn drop(&mut self) {
            assert_unguarded();
        }
    }

    #[test]
    fn the_last_to_look_at_a_run_drops_it_with_nothing_locked() {
        let _inside = enter(load("a", None));
        let target: Shared = Arc::new(Fading(load("run", None)));
        assert!(wait_for(&target).is_ok());
    }
}
