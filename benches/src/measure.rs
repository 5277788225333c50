//! Contenders take turns, in rounds.
//!
//! Each round runs every contender once, on one batch of keys; the next round begins with the next contender. What
//! slows the machine for a while thereby slows all of them, and no contender always follows the same other.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::body;
use crate::contender::{Calls, Contender, Shared};
use crate::report::Row;
use crate::stats::Summary;

/// What the command line says of measuring.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) rounds: usize,
}

impl Settings {
    /// How often to repeat what takes a process of its own, and seconds.
    pub(crate) fn repetitions(self) -> usize {
        (self.rounds / 4).clamp(1, 5)
    }
}

/// What the contenders are asked for.
#[derive(Debug)]
pub(crate) struct Plan<K> {
    /// Looked up before anything is timed.
    pub(crate) warm: Vec<K>,
    /// The keys of each thread. Rounds take one batch after the other, and begin again at the end.
    pub(crate) streams: Vec<Vec<K>>,
    /// Keys of one round, for each thread.
    pub(crate) batch: usize,
    /// Whether each round begins with nothing cached.
    pub(crate) cold: bool,
    /// Whether each batch is also run as a chain of dependent calls.
    pub(crate) chained: bool,
}

impl<K> Plan<K> {
    /// Everything that is looked up is there already. On one thread, latency is measured as well.
    pub(crate) fn hits(warm: Vec<K>, streams: Vec<Vec<K>>) -> Self {
        let batch = streams.first().map_or(0, Vec::len).min(MOST_HITS);
        let chained = streams.len() == 1;
        Self { warm, streams, batch, cold: false, chained }
    }

    fn batch_of(&self, thread: usize, round: usize) -> &[K] {
        let stream = &self.streams[thread];
        let batches = (stream.len() / self.batch).max(1);
        let start = round % batches * self.batch;
        &stream[start..stream.len().min(start + self.batch)]
    }
}

/// Of hits, in a batch: enough to forget the clock over, few enough for rounds to be short.
const MOST_HITS: usize = 100_000;

/// One batch of one contender on one thread.
#[derive(Clone, Copy, Debug)]
struct Sample {
    begun: Instant,
    ended: Instant,
    calls: usize,
    runs: u64,
}

/// Of calls, between two looks at whether the other threads are still at it.
const CHUNK: usize = 1_000;

impl Sample {
    fn take<K>(run: impl FnOnce(&[K]), keys: &[K]) -> Self {
        let runs = body::runs();
        let begun = Instant::now();
        run(keys);
        let ended = Instant::now();
        Self { begun, ended, calls: keys.len(), runs: body::runs() - runs }
    }

    /// A batch, or as much of it as is done when another thread has ended its own.
    fn take_beside<K>(run: &Shared<K>, keys: &[K], ended: &AtomicBool) -> Self {
        let mut calls = 0;
        let work = |_: &[K]| {
            for chunk in keys.chunks(CHUNK) {
                run(chunk, Calls::Independent);
                calls += chunk.len();
                if ended.load(Ordering::Relaxed) {
                    break;
                }
            }
            ended.store(true, Ordering::Relaxed);
        };
        let sample = Self::take(work, keys);
        Self { calls, ..sample }
    }
}

/// One batch of one contender on each thread.
type Round = Vec<Sample>;

/// The least part of a round's time during which all threads must be at it.
const SIDE_BY_SIDE: f64 = 0.8;

/// Whether the threads of a round ran at the same time, all but a little. Where other work keeps a core busy, they
/// run one after the other instead, do not disturb each other, and would look fast. (That a lock serves one thread
/// far more often than the other is nothing of the kind: whoever is behind stops when the other has ended.)
fn is_side_by_side(round: &[Sample]) -> bool {
    let bounds = |of: fn(&Sample) -> Instant| {
        let instants = || round.iter().map(of);
        instants().min().zip(instants().max())
    };
    let (Some(begun), Some(ended)) = (bounds(|sample| sample.begun), bounds(|sample| sample.ended)) else {
        return false;
    };
    let together = ended.0.saturating_duration_since(begun.1).as_secs_f64();
    together >= SIDE_BY_SIDE * (ended.1 - begun.0).as_secs_f64()
}

/// Keeps the machine busy for a moment: many raise their clock only under load, which would make whatever is
/// measured first look slow.
pub(crate) fn wake_machine() {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(500) {
        std::hint::spin_loop();
    }
}

/// What a contender did in all rounds.
#[derive(Clone, Debug, Default)]
struct Record {
    independent: Vec<Round>,
    dependent: Vec<Round>,
}

/// Measures all contenders. On several threads, those that can serve several.
pub(crate) fn measure<K: Copy + Send + Sync + 'static>(
    contenders: &[Contender<K>],
    plan: &Plan<K>,
    settings: Settings,
) -> Vec<Row> {
    let threads = plan.streams.len();
    let able = |contender: &&Contender<K>| threads == 1 || contender.shared().is_some();
    let contenders: Vec<_> = contenders.iter().filter(able).collect();
    for contender in &contenders {
        contender.clear();
        // Twice, for those that let a key in only at its second use.
        contender.run(&plan.warm, Calls::Independent);
        contender.run(&plan.warm, Calls::Independent);
    }
    let records = if threads == 1 {
        on_this_thread(&contenders, plan, settings.rounds)
    } else {
        assert!(!plan.cold, "caches are not emptied while other threads use them");
        let rounds = on_threads_side_by_side(&contenders, plan, settings.rounds);
        rounds.into_iter().map(|independent| Record { independent, dependent: Vec::new() }).collect()
    };
    // The memory of those that have been measured is not to weigh on those that will be.
    contenders.iter().for_each(|contender| contender.clear());
    contenders.iter().zip(&records).map(|(contender, record)| summarise(contender, record)).collect()
}

fn turns(contenders: usize, round: usize) -> impl Iterator<Item = usize> {
    (0..contenders).map(move |turn| (turn + round) % contenders)
}

fn on_this_thread<K: Copy + 'static>(
    contenders: &[&Contender<K>],
    plan: &Plan<K>,
    rounds: usize,
) -> Vec<Record> {
    let mut all = vec![Record::default(); contenders.len()];
    for round in 0..rounds {
        for turn in turns(contenders.len(), round) {
            let contender = contenders[turn];
            if plan.cold {
                contender.clear();
            }
            let take = |calls| vec![Sample::take(|keys| contender.run(keys, calls), plan.batch_of(0, round))];
            all[turn].independent.push(take(Calls::Independent));
            if plan.chained {
                all[turn].dependent.push(take(Calls::Dependent));
            }
        }
    }
    all
}

/// How often all rounds are run again, at most, for want of some in which the threads ran side by side.
const ATTEMPTS: usize = 10;

/// The rounds in which threads ran side by side: at least half as many as were asked for, if that can be had.
fn on_threads_side_by_side<K: Copy + Send + Sync + 'static>(
    contenders: &[&Contender<K>],
    plan: &Plan<K>,
    rounds: usize,
) -> Vec<Vec<Round>> {
    let mut good: Vec<Vec<Round>> = vec![Vec::new(); contenders.len()];
    for _ in 0..ATTEMPTS {
        let threads = on_threads(contenders, plan, rounds);
        for (index, good) in good.iter_mut().enumerate() {
            let round = |round| threads.iter().map(|samples| samples[index][round]).collect();
            good.extend((0..rounds).map(round).filter(|round: &Round| is_side_by_side(round)));
            good.truncate(rounds);
        }
        if good.iter().all(|good| good.len() * 2 >= rounds) {
            break;
        }
    }
    good
}

/// The threads live through all rounds, and start each batch together. By thread, contender and round.
fn on_threads<K: Copy + Send + Sync + 'static>(
    contenders: &[&Contender<K>],
    plan: &Plan<K>,
    rounds: usize,
) -> Vec<Vec<Vec<Sample>>> {
    // Who ends first says so to the others of its turn.
    let ended: Vec<AtomicBool> = (0..contenders.len() * rounds).map(|_| AtomicBool::new(false)).collect();
    let lanes: Vec<&Shared<K>> = contenders.iter().filter_map(|contender| contender.shared()).collect();
    let line = StartLine::new(plan.streams.len());
    let work = |thread: usize| {
        let mut samples = vec![Vec::with_capacity(rounds); lanes.len()];
        for round in 0..rounds {
            for turn in turns(lanes.len(), round) {
                line.wait();
                let ended = &ended[round * lanes.len() + turn];
                samples[turn].push(Sample::take_beside(lanes[turn], plan.batch_of(thread, round), ended));
            }
        }
        samples
    };
    std::thread::scope(|scope| {
        let spawn = |thread| scope.spawn(move || work(thread));
        let work: Vec<_> = (0..plan.streams.len()).map(spawn).collect();
        work.into_iter().map(|thread| thread.join().expect("a contender does not panic")).collect()
    })
}

/// Where threads wait until all are there. They spin: the way through a sleeping thread's wake-up is longer than
/// many a batch, and whoever is awake would run it alone.
struct StartLine {
    threads: usize,
    arrived: AtomicUsize,
}

impl StartLine {
    fn new(threads: usize) -> Self {
        Self { threads, arrived: AtomicUsize::new(0) }
    }

    fn wait(&self) {
        let own = self.arrived.fetch_add(1, Ordering::AcqRel);
        let all = (own / self.threads + 1) * self.threads;
        let mut spins = 0_u32;
        while self.arrived.load(Ordering::Acquire) < all {
            spins = spins.wrapping_add(1);
            // Where there are fewer cores than threads, the others need this one. Seldom: a thread that keeps giving
            // way looks idle to the scheduler, which then has no reason to put the other on a core of its own.
            if spins.is_multiple_of(1 << 16) { std::thread::yield_now() } else { std::hint::spin_loop() }
        }
    }
}

fn summarise<K>(contender: &Contender<K>, record: &Record) -> Row {
    let rounds = &record.independent;
    let calls: usize = rounds.iter().flatten().map(|sample| sample.calls).sum();
    let runs: u64 = rounds.iter().flatten().map(|sample| sample.runs).sum();
    Row {
        library: contender.library.to_owned(),
        setup: contender.setup.to_string(),
        rounds: rounds.len(),
        figure: nanos(rounds),
        dependent: nanos(&record.dependent),
        hit_ratio: (calls > 0).then(|| 1.0 - runs as f64 / calls as f64),
    }
}

/// What a call takes a thread, over all threads.
fn nanos(rounds: &[Round]) -> Option<Summary> {
    let mean = |round: &Round| {
        let nanos: u128 = round.iter().map(|sample| (sample.ended - sample.begun).as_nanos()).sum();
        let calls: usize = round.iter().map(|sample| sample.calls).sum();
        nanos as f64 / calls.max(1) as f64
    };
    Summary::of(rounds.iter().map(mean).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    fn plan(streams: Vec<Vec<u64>>, batch: usize) -> Plan<u64> {
        Plan { warm: vec![0], streams, batch, cold: false, chained: false }
    }

    #[test]
    fn every_contender_has_every_turn() {
        assert!(turns(3, 0).eq([0, 1, 2]));
        assert!(turns(3, 4).eq([1, 2, 0]));
    }

    #[test]
    fn rounds_take_batches_one_after_the_other_and_begin_again() {
        let plan = plan(vec![(0..7).collect()], 3);
        assert_eq!(plan.batch_of(0, 0), [0, 1, 2]);
        assert_eq!(plan.batch_of(0, 1), [3, 4, 5]);
        assert_eq!(plan.batch_of(0, 2), [0, 1, 2]);
    }

    #[test]
    fn all_keys_are_looked_up_on_all_threads() {
        let seen = std::sync::Arc::new(Mutex::new(Vec::new()));
        let own = std::sync::Arc::clone(&seen);
        let call = move |key| {
            own.lock().unwrap().push(key);
            body::of(key)
        };
        let contenders = [Contender::function("test", "", call, || ())];
        let rows = measure(&contenders, &plan(vec![vec![1, 2], vec![3, 4]], 2), Settings { rounds: 3 });
        let seen = seen.lock().unwrap();
        let times = |key| seen.iter().filter(|&&seen| seen == key).count();
        // Rounds may have been repeated, always as a whole.
        assert_eq!((times(0), times(1) % 3), (2, 0));
        assert!((2..=4).all(|key| times(key) == times(1)) && times(1) > 0);
        assert_eq!(rows.len(), 1);
    }

    #[test]
    fn whoever_is_behind_stops_when_the_other_has_ended() {
        let run = |_: &[u64], _: Calls| ();
        let keys = vec![0; 3 * CHUNK];
        let ended = AtomicBool::new(false);
        assert_eq!(Sample::take_beside(&run, &keys, &ended).calls, 3 * CHUNK);
        assert_eq!(Sample::take_beside(&run, &keys, &ended).calls, CHUNK);
    }

    #[test]
    fn a_call_takes_what_all_threads_spend_over_all_calls() {
        let begun = Instant::now();
        let sample = |calls| Sample { begun, ended: begun + Duration::from_nanos(900), calls, runs: 0 };
        assert_eq!(Summary::of(vec![20.0]), nanos(&[vec![sample(80), sample(10)]]));
    }

    #[test]
    fn threads_that_take_turns_are_not_side_by_side() {
        let origin = Instant::now();
        let sample = |begun, ended| {
            let at = |millis| origin + Duration::from_millis(millis);
            Sample { begun: at(begun), ended: at(ended), calls: 1, runs: 0 }
        };
        assert!(is_side_by_side(&[sample(0, 100), sample(5, 95)]));
        assert!(!is_side_by_side(&[sample(0, 100), sample(50, 150)]));
        assert!(!is_side_by_side(&[sample(0, 100), sample(100, 200)]));
        assert!(!is_side_by_side(&[sample(0, 100), sample(200, 300)]));
    }

    #[test]
    fn who_has_no_lock_stays_away_from_threads() {
        let contenders = [Contender::bare("test", "", || (), |(), key| key)];
        let settings = Settings { rounds: 2 };
        assert_eq!(measure(&contenders, &plan(vec![vec![1], vec![2]], 1), settings).len(), 0);
        assert_eq!(measure(&contenders, &plan(vec![vec![1]], 1), settings).len(), 1);
    }
}
