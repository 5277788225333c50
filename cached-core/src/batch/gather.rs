//! Single loads that come together are gathered into one run.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::chunk::Seat;
use super::plan::Plan;
use crate::flight::Flight;
use crate::still::Instant;
use crate::sync::{Bell, Mutex};

/// How single loads are gathered.
#[derive(Clone, Debug)]
pub struct Gathering {
    /// The most keys in one run.
    pub max: usize,
    /// The longest time the first waits for others.
    pub window: Duration,
    /// What loads must have in common to share a run: their skipped arguments.
    pub identity: Vec<[usize; 2]>,
}

/// The groups of one cache that are open.
pub(crate) struct Gather<P: Plan>(Mutex<Vec<Arc<Group<P>>>>);

/// Loads that will share a run.
pub(crate) struct Group<P: Plan> {
    identity: Vec<[usize; 2]>,
    closes: Instant,
    state: Mutex<State<P>>,
    full: Bell,
}

struct State<P: Plan> {
    open: bool,
    seats: Vec<(Seat<P>, P::Elem)>,
    /// The answers, by place, of those who have left their lease here.
    parcels: Vec<Option<P::Parcel>>,
}

/// What is to be loaded in one run.
pub(crate) type Load<P> = (Vec<Seat<P>>, Vec<<P as Plan>::Elem>);

/// A load's membership in a group.
pub(crate) struct Member<P: Plan> {
    pub(crate) group: Arc<Group<P>>,
    pub(crate) place: usize,
    /// Whether it was the first.
    pub(crate) opened: bool,
}

impl<P: Plan> Gather<P> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Joins the open group of this identity, or opens one.
    pub(crate) fn join(&self, how: &Gathering, mut seat: Seat<P>, elem: P::Elem) -> Member<P> {
        let mut groups = self.0.lock();
        let known = groups.iter().position(|group| group.identity == how.identity);
        let group = match known {
            Some(at) => Arc::clone(&groups[at]),
            None => {
                let group = Arc::new(Group::new(how));
                groups.push(Arc::clone(&group));
                group
            }
        };
        let mut state = group.state.lock();
        let place = state.parcels.len();
        seat.place = place;
        state.parcels.push(None);
        state.seats.push((seat, elem));
        if state.seats.len() >= how.max {
            // Whoever comes now opens another one. The one that waits finds this one full.
            groups.retain(|other| !Arc::ptr_eq(other, &group));
            group.full.ring();
        }
        drop(state);
        drop(groups);
        Member { group, place, opened: known.is_none() }
    }

    /// Takes the group's load, unless somebody has. Keys that were invalidated since they came are not in it: their
    /// owners begin anew, and join whoever has begun since.
    fn close(&self, group: &Arc<Group<P>>) -> Option<Load<P>> {
        let mut groups = self.0.lock();
        groups.retain(|other| !Arc::ptr_eq(other, group));
        let mut state = group.state.lock();
        let open = std::mem::replace(&mut state.open, false);
        let seats = std::mem::take(&mut state.seats);
        drop(state);
        drop(groups);
        let (held, revoked): (Vec<_>, Vec<_>) =
            seats.into_iter().partition(|(seat, _)| !seat.flight().is_revoked());
        drop(revoked);
        open.then(|| held.into_iter().unzip())
    }

    /// Blocks the first member until the group is full or the window is over, and takes its load.
    pub(crate) fn wait(&self, group: &Arc<Group<P>>, max: usize) -> Load<P> {
        let mut state = group.state.lock();
        while state.seats.len() < max {
            let rest = group.closes.saturating_duration_since(Instant::now());
            if rest.is_zero() {
                break;
            }
            state = group.full.wait(state, Some(rest));
        }
        drop(state);
        self.close(group).expect("only the first member closes a group of threads")
    }
}

impl<P: Plan> Group<P> {
    fn new(how: &Gathering) -> Self {
        let state = State { open: true, seats: Vec::new(), parcels: Vec::new() };
        let now = Instant::now();
        // A window past the clock's end is one of a year.
        let closes = now.checked_add(how.window).unwrap_or(now + Duration::from_secs(31_536_000));
        Self { identity: how.identity.clone(), closes, state: Mutex::new(state), full: Bell::default() }
    }

    /// Lays an answer ready for its owner, before he is told.
    pub(crate) fn put(&self, place: usize, parcel: Option<P::Parcel>) {
        self.state.lock().parcels[place] = parcel;
    }

    pub(crate) fn take(&self, place: usize) -> Option<P::Parcel> {
        self.state.lock().parcels[place].take()
    }
}

/// A task's wait for its group: until some turns of the executor, and some microseconds, have brought nobody else, or the group is full, or the window
/// is over. Any member may be the one that sees it, so that none depends on another's being polled.
pub(crate) struct Turn<'a, P: Plan> {
    gather: &'a Gather<P>,
    member: &'a Member<P>,
    flight: Arc<Flight<P::Key, P::Kept>>,
    max: usize,
    /// How many there were when this task was last polled, since how many turns, and since when.
    seen: (usize, u32, Instant),
    quiet: Duration,
}

/// How many turns, and for what part of the window but no longer than that, nobody new makes a group complete. Not every executor gives
/// all tasks a turn before one comes up again, and a task that is alone on its thread has its turns at once.
const QUIET: (u32, u32, Duration) = (3, 10, Duration::from_micros(100));

impl<'a, P: Plan> Turn<'a, P> {
    pub(crate) fn new(
        gather: &'a Gather<P>,
        member: &'a Member<P>,
        flight: Arc<Flight<P::Key, P::Kept>>,
        how: &Gathering,
    ) -> Self {
        let quiet = (how.window / QUIET.1).min(QUIET.2);
        Self { gather, member, flight, max: how.max, seen: (0, 0, Instant::now()), quiet }
    }
}

impl<P: Plan> Unpin for Turn<'_, P> {}

impl<P: Plan> Future for Turn<'_, P> {
    /// The load, for the one that is to run it.
    type Output = Option<Load<P>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let polled = this.flight.polled();
        let group = &this.member.group;
        let (open, len, joined) = {
            let state = group.state.lock();
            (state.open, state.seats.len(), state.parcels.len())
        };
        if !open {
            return Poll::Ready(None);
        }
        let (now, (seen, turns, since)) = (Instant::now(), this.seen);
        this.seen = if seen == joined { (joined, turns + 1, since) } else { (joined, 0, now) };
        let quiet = this.seen.1 >= QUIET.0 && now - this.seen.2 >= this.quiet;
        if quiet || len >= this.max || now >= group.closes {
            return Poll::Ready(this.gather.close(group));
        }
        drop(polled);
        // Whoever waits for this key watches that this task comes back.
        this.flight.body_waker().wake_by_ref();
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<P: Plan> Drop for Turn<'_, P> {
    fn drop(&mut self) {
        // A task that leaves takes its key along, unless that is on its way.
        let group = &self.member.group;
        let own = {
            let mut groups = self.gather.0.lock();
            let mut state = group.state.lock();
            let at = state.seats.iter().position(|(seat, _)| seat.place == self.member.place);
            let own = at.map(|at| state.seats.swap_remove(at));
            if state.seats.is_empty() {
                groups.retain(|other| !Arc::ptr_eq(other, group));
            }
            own
        };
        drop(own);
    }
}
