//! Single loads that come together are gathered into one run.
//!
//! Threads are gathered by the first of them, which waits. Tasks sleep; an [alarm](crate::alarm) wakes them when it is time to
//! look. A group whose members all came on one thread goes when nobody has come for a while, as that thread had its turns; where they
//! come on several, only the window's end or the last place says that there are no more.

use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use super::chunk::Seat;
use super::plan::Plan;
use crate::alarm::{self, Sleeper, Token};
use crate::flight::Flight;
use crate::still::Instant;
use crate::sync::thread::{self, ThreadId};
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
    /// How long nobody new makes it complete, if all came on one thread.
    quiet: Duration,
    state: Mutex<State<P>>,
    full: Bell,
}

struct State<P: Plan> {
    open: bool,
    seats: Vec<(Seat, P::Elem)>,
    /// The answers, by place, of those who have left their lease here.
    parcels: Vec<Option<P::Parcel>>,
    /// When the last one came.
    last: Instant,
    thread: ThreadId,
    /// Not all came on one thread.
    several: bool,
    alarm: Option<Token>,
}

/// What is to be loaded in one run.
pub(crate) type Load<P> = (Vec<Seat>, Vec<<P as Plan>::Elem>);

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
    pub(crate) fn join(&self, how: &Gathering, mut seat: Seat, elem: P::Elem) -> Member<P> {
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
        state.last = Instant::now();
        state.several |= state.thread != thread::current().id();
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
    fn close(&self, group: &Arc<Group<P>>, own: usize) -> Option<Load<P>> {
        let mut groups = self.0.lock();
        groups.retain(|other| !Arc::ptr_eq(other, group));
        let mut state = group.state.lock();
        let open = std::mem::replace(&mut state.open, false);
        let seats = std::mem::take(&mut state.seats);
        let alarm = state.alarm.take();
        drop(state);
        drop(groups);
        alarm.into_iter().for_each(alarm::cancel);
        let (held, revoked): (Vec<_>, Vec<_>) =
            seats.into_iter().partition(|(seat, _)| !seat.flight().is_revoked());
        drop(revoked);
        // They have somebody to wait for now, which is to be noted of each.
        let others = held.iter().filter(|(seat, _)| seat.place != own);
        others.for_each(|(seat, _)| seat.flight().meeting().gate.wake());
        open.then(|| held.into_iter().unzip())
    }

    /// Blocks the first member until the group is full or the window is over, and takes its load.
    pub(crate) fn wait(&self, member: &Member<P>, max: usize) -> Load<P> {
        let group = &member.group;
        let mut state = group.state.lock();
        while state.seats.len() < max {
            let rest = group.closes.saturating_duration_since(Instant::now());
            if rest.is_zero() {
                break;
            }
            state = group.full.wait(state, Some(rest));
        }
        drop(state);
        self.close(group, member.place).expect("only the first member closes a group of threads")
    }
}

impl<P: Plan> Group<P> {
    fn new(how: &Gathering) -> Self {
        let now = Instant::now();
        let state = State {
            open: true,
            seats: Vec::new(),
            parcels: Vec::new(),
            last: now,
            thread: thread::current().id(),
            several: false,
            alarm: None,
        };
        // A window past the clock's end is one of a year.
        let closes = now.checked_add(how.window).unwrap_or(now + Duration::from_secs(31_536_000));
        let quiet = (how.window / QUIET.0).min(QUIET.1);
        Self {
            identity: how.identity.clone(),
            closes,
            quiet,
            state: Mutex::new(state),
            full: Bell::default(),
        }
    }

    /// Whether there is nobody to wait for any more.
    fn is_due(&self, state: &State<P>, now: Instant) -> bool {
        now >= self.closes || (!state.several && now - state.last >= self.quiet)
    }

    /// Sets the alarm for when that may be so; whether there is one.
    fn set_alarm(self: &Arc<Self>, state: &mut State<P>) -> bool {
        let at = if state.several { self.closes } else { self.closes.min(state.last + self.quiet) };
        self.set_alarm_at(state, at)
    }

    fn set_alarm_at(self: &Arc<Self>, state: &mut State<P>, at: Instant) -> bool {
        let weak: Weak<Self> = Arc::downgrade(self);
        state.alarm = alarm::set(at, weak);
        state.alarm.is_some()
    }

    /// Lays an answer ready for its owner, before he is told.
    pub(crate) fn put(&self, place: usize, parcel: Option<P::Parcel>) {
        self.state.lock().parcels[place] = parcel;
    }

    pub(crate) fn take(&self, place: usize) -> Option<P::Parcel> {
        self.state.lock().parcels[place].take()
    }
}

/// For what part of the window, but no longer than that, nobody new makes a group of one thread complete.
const QUIET: (u32, Duration) = (10, Duration::from_micros(100));

impl<P: Plan> Sleeper for Group<P> {
    /// Wakes a member if the group is to go; all of them at the end, so that none depends on another's being polled.
    fn wake_up(self: Arc<Self>) {
        let now = Instant::now();
        let mut state = self.state.lock();
        state.alarm = None;
        if !state.open {
            return;
        }
        let over = now >= self.closes;
        let woken = if over {
            state.seats.len()
        } else if self.is_due(&state, now) {
            self.set_alarm_at(&mut state, self.closes);
            1
        } else {
            self.set_alarm(&mut state);
            0
        };
        let flights: Vec<_> =
            state.seats.iter().take(woken).map(|(seat, _)| Arc::clone(seat.flight())).collect();
        drop(state);
        // With the member, whoever else waits for its key, and watches that this task comes back.
        flights.iter().for_each(|flight| flight.body_waker().wake_by_ref());
    }
}

/// A task's wait for its group: until that is full, or complete, or the window is over. Any member may be the one that sees it.
pub(crate) struct Turn<'a, P: Plan> {
    gather: &'a Gather<P>,
    member: &'a Member<P>,
    flight: Arc<Flight>,
    max: usize,
    /// Its place before the flight's gate.
    number: Option<u64>,
    /// Turns it had since somebody came, where no alarm can be set.
    turns: (usize, u32),
}

/// How many turns nobody new makes a group complete where there is no alarm: not every executor gives all tasks a turn before one
/// comes up again.
const TURNS: u32 = 3;

impl<'a, P: Plan> Turn<'a, P> {
    pub(crate) fn new(
        gather: &'a Gather<P>,
        member: &'a Member<P>,
        flight: Arc<Flight>,
        how: &Gathering,
    ) -> Self {
        Self { gather, member, flight, max: how.max, number: None, turns: (0, 0) }
    }

    /// Without an alarm: has itself polled again, until there were enough turns and, where there is a clock, it is time.
    fn spin(&mut self, joined: usize, due: bool, cx: &Context<'_>) -> bool {
        self.turns = if self.turns.0 == joined { (joined, self.turns.1 + 1) } else { (joined, 0) };
        let still = cfg!(all(target_family = "wasm", target_os = "unknown"));
        if self.turns.1 >= TURNS && (due || still) {
            return true;
        }
        self.flight.body_waker().wake_by_ref();
        cx.waker().wake_by_ref();
        false
    }
}

impl<P: Plan> Unpin for Turn<'_, P> {}

impl<P: Plan> Future for Turn<'_, P> {
    /// The load, for the one that is to run it.
    type Output = Option<Load<P>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let polled = this.flight.polled();
        // Before it looks, so that whatever happens after that wakes it.
        this.flight.meeting().gate.register(&mut this.number, cx.waker());
        let group = &this.member.group;
        let (now, mut state) = (Instant::now(), group.state.lock());
        if !state.open {
            return Poll::Ready(None);
        }
        let full = state.seats.len() >= this.max;
        let due = group.is_due(&state, now);
        let asleep = !full && !due && (state.alarm.is_some() || group.set_alarm(&mut state));
        let joined = state.parcels.len();
        drop(state);
        drop(polled);
        if asleep {
            return Poll::Pending;
        }
        let alone = !full && !due || cfg!(all(target_family = "wasm", target_os = "unknown"));
        if alone && !this.spin(joined, due, cx) {
            return Poll::Pending;
        }
        Poll::Ready(this.gather.close(group, this.member.place))
    }
}

impl<P: Plan> Drop for Turn<'_, P> {
    fn drop(&mut self) {
        self.flight.meeting().gate.leave(self.number);
        // A task that leaves takes its key along, unless that is on its way.
        let group = &self.member.group;
        let (own, alarm) = {
            let mut groups = self.gather.0.lock();
            let mut state = group.state.lock();
            let at = state.seats.iter().position(|(seat, _)| seat.place == self.member.place);
            let own = at.map(|at| state.seats.swap_remove(at));
            let alarm = if state.seats.is_empty() {
                groups.retain(|other| !Arc::ptr_eq(other, group));
                state.open = false;
                state.alarm.take()
            } else {
                None
            };
            (own, alarm)
        };
        alarm.into_iter().for_each(alarm::cancel);
        drop(own);
    }
}
