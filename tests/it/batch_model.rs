//! Random programs of batch calls, polled in a random order: each caller gets its own answer or its own error, no run sees
//! a key twice or too many keys, no key is in two runs at once, and nothing that was invalidated before a call is served.
//!
//! `BATCH_PROGRAMS=1000000` runs as many.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use cached_core::{memoize, testing};
use proptest::prelude::*;

const MAX: usize = 3;
const KEYS: u32 = 8;

/// What a value tells: its key, and the run that brought it.
type Stamp = (u32, usize);

#[derive(Default)]
struct World {
    /// The step at which each run began.
    runs: Vec<usize>,
    /// The keys that run now and may be stored.
    running: HashMap<u32, usize>,
    step: usize,
    complaints: Vec<String>,
}

impl World {
    fn begin(&mut self, keys: &[u32]) -> usize {
        let run = self.runs.len();
        self.runs.push(self.step);
        if keys.is_empty() || keys.len() > MAX {
            self.complaints.push(format!("run {run} has {} keys", keys.len()));
        }
        if keys.iter().collect::<HashSet<_>>().len() != keys.len() {
            self.complaints.push(format!("run {run} has a key twice: {keys:?}"));
        }
        for &key in keys {
            if let Some(other) = self.running.insert(key, run) {
                self.complaints.push(format!("key {key} is in runs {other} and {run} at once"));
            }
        }
        run
    }
}

thread_local!(static WORLD: RefCell<World> = RefCell::default());

fn world<R>(with: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with_borrow_mut(with)
}

/// A run under way: takes its keys out when it ends, however it does.
struct Running(usize);

impl Drop for Running {
    fn drop(&mut self) {
        world(|world| world.running.retain(|_, run| *run != self.0));
    }
}

async fn body(keys: &[u32]) -> (usize, Vec<Result<Stamp, u32>>, bool) {
    let running = Running(world(|world| world.begin(keys)));
    let run = running.0;
    let mut turns = run % 3;
    poll_fn(|cx| {
        if turns == 0 {
            return Poll::Ready(());
        }
        turns -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
    // Key 3 fails for itself; every other run with key 5 fails as a whole.
    let answers = keys.iter().map(|&key| if key == 3 { Err(key) } else { Ok((key, run)) }).collect();
    (run, answers, keys.contains(&5) && run % 2 == 1)
}

/// The failure of a run.
#[derive(Clone, Debug)]
struct Failed(usize);

/// One that cannot be told to others.
#[derive(Debug)]
struct Alone(usize);

#[memoize(batch, max_batch = MAX, window = 1us)]
async fn told(keys: &[u32]) -> Result<Vec<Result<Stamp, u32>>, Failed> {
    let (run, answers, fails) = body(keys).await;
    if fails { Err(Failed(run)) } else { Ok(answers) }
}

#[memoize(batch, max_batch = MAX, window = 1us)]
async fn alone(keys: &[u32]) -> Result<Vec<Result<Stamp, u32>>, Alone> {
    let (run, answers, fails) = body(keys).await;
    if fails { Err(Alone(run)) } else { Ok(answers) }
}

type Answer = Result<Vec<Result<Stamp, u32>>, usize>;

struct Caller {
    keys: Vec<u32>,
    /// For each key the step of its last invalidation when the call began.
    floors: Vec<usize>,
    future: Pin<Box<dyn Future<Output = Answer>>>,
}

#[derive(Clone, Debug)]
enum Step {
    Slice(Vec<u32>),
    Load(u32),
    Poll(usize),
    Drop(usize),
    Invalidate(u32),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec(0..KEYS, 0..7).prop_map(Step::Slice),
        5 => (0..KEYS).prop_map(Step::Load),
        14 => (0..8_usize).prop_map(Step::Poll),
        2 => (0..8_usize).prop_map(Step::Drop),
        2 => (0..KEYS).prop_map(Step::Invalidate),
        1 => Just(Step::Clear),
    ]
}

/// The verbs of one of the functions.
struct Verbs {
    call: fn(Vec<u32>, bool) -> Pin<Box<dyn Future<Output = Answer>>>,
    invalidate: fn(u32) -> bool,
    clear: fn() -> usize,
}

macro_rules! verbs {
    ($function:ident) => {
        Verbs {
            call: |keys, single| {
                Box::pin(async move {
                    if single {
                        $function::load(keys[0]).await.map(|item| vec![item]).map_err(|failed| failed.0)
                    } else {
                        $function(&keys).await.map_err(|failed| failed.0)
                    }
                })
            },
            invalidate: |key| $function::invalidate(key),
            clear: || $function::clear(),
        }
    };
}

#[derive(Default)]
struct Program {
    callers: Vec<Caller>,
    floors: HashMap<u32, usize>,
}

impl Program {
    fn start(&mut self, verbs: &Verbs, keys: Vec<u32>, single: bool) {
        let floors = keys.iter().map(|key| self.floors.get(key).copied().unwrap_or(0)).collect();
        let future = (verbs.call)(keys.clone(), single);
        self.callers.push(Caller { keys, floors, future });
    }

    fn forget(&mut self, keys: impl Iterator<Item = u32>) {
        for key in keys {
            let step = world(|world| {
                world.running.remove(&key);
                world.step
            });
            self.floors.insert(key, step);
        }
    }

    fn poll(&mut self, at: usize) -> Result<(), TestCaseError> {
        let caller = &mut self.callers[at];
        let Poll::Ready(answer) = caller.future.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            return Ok(());
        };
        let caller = self.callers.remove(at);
        let items = match answer {
            Ok(items) => items,
            Err(run) => {
                prop_assert!(run % 2 == 1 && !caller.keys.is_empty(), "only such runs fail");
                return Ok(());
            }
        };
        prop_assert_eq!(items.len(), caller.keys.len());
        for ((item, &key), floor) in items.into_iter().zip(&caller.keys).zip(caller.floors) {
            match item {
                Ok((own, run)) => {
                    prop_assert!(own == key && key != 3, "{} was answered with {}'s", key, own);
                    let begun = world(|world| world.runs[run]);
                    prop_assert!(
                        begun >= floor,
                        "key {} was read at {} and forgotten at {}",
                        key,
                        begun,
                        floor
                    );
                }
                Err(own) => prop_assert!(own == key && key == 3, "{} got {}'s error", key, own),
            }
        }
        Ok(())
    }

    fn run(&mut self, verbs: &Verbs, step: &Step) -> Result<(), TestCaseError> {
        world(|world| world.step += 1);
        match step {
            Step::Slice(keys) => self.start(verbs, keys.clone(), false),
            Step::Load(key) => self.start(verbs, vec![*key], true),
            Step::Poll(at) if !self.callers.is_empty() => self.poll(at % self.callers.len())?,
            Step::Drop(at) if !self.callers.is_empty() => drop(self.callers.remove(at % self.callers.len())),
            Step::Invalidate(key) => {
                (verbs.invalidate)(*key);
                self.forget(std::iter::once(*key));
            }
            Step::Clear => {
                (verbs.clear)();
                self.forget(0..KEYS);
            }
            _ => {}
        }
        // A call that has not been polled has not begun.
        Ok(())
    }

    /// Polls all in turn until all are through.
    fn finish(&mut self) -> Result<(), TestCaseError> {
        for _ in 0..1000 {
            for at in (0..self.callers.len()).rev() {
                self.poll(at)?;
            }
            if self.callers.is_empty() {
                return Ok(());
            }
        }
        Err(TestCaseError::fail(format!("{} callers hang", self.callers.len())))
    }
}

fn programs() -> u32 {
    std::env::var("BATCH_PROGRAMS").map_or(1000, |programs| programs.parse().expect("a number of programs"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(programs()) })]
    #[test]
    fn any_program_gets_its_own_answers(steps in prop::collection::vec(step(), 0..60), shared in any::<bool>()) {
        let _scope = testing::isolate();
        WORLD.take();
        let verbs = if shared { verbs!(told) } else { verbs!(alone) };
        let mut program = Program::default();
        for step in &steps {
            program.run(&verbs, step)?;
        }
        program.finish()?;
        let (complaints, running) = world(|world| (std::mem::take(&mut world.complaints), world.running.len()));
        prop_assert!(complaints.is_empty(), "{:?}", complaints);
        prop_assert_eq!(running, 0);
    }
}

/// The keys that are in a run now.
static IN_RUNS: Mutex<Option<HashSet<u32>>> = Mutex::new(None);

#[memoize(batch, max_batch = MAX, max = 20, policy = lru, window = 50us)]
fn threaded(keys: &[u32]) -> Vec<Result<u64, Alone>> {
    assert!(!keys.is_empty() && keys.len() <= MAX, "{keys:?}");
    {
        let mut lock = IN_RUNS.lock().unwrap();
        let running = lock.get_or_insert_default();
        assert!(keys.iter().all(|key| running.insert(*key)), "a key is in two runs at once: {keys:?}");
    }
    std::thread::yield_now();
    IN_RUNS.lock().unwrap().as_mut().unwrap().retain(|key| !keys.contains(key));
    keys.iter()
        .map(|&key| if key % 10 == 3 { Err(Alone(key as usize)) } else { Ok(u64::from(key) * 7) })
        .collect()
}

#[test]
fn threads_get_their_own_answers_too() {
    let scope = testing::isolate();
    fn own(key: u32, item: Result<u64, Alone>) {
        match item {
            Ok(value) => assert_eq!((value, key % 10 == 3), (u64::from(key) * 7, false)),
            Err(Alone(other)) => assert_eq!((other, key % 10), (key as usize, 3)),
        }
    }
    let run = |thread: u32| {
        // A linear congruential generator: the same program on every run.
        let mut state = thread;
        let mut next = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        for _ in 0..programs().min(20_000) / 4 {
            if next(3) == 0 {
                let key = next(40);
                own(key, threaded::load(key));
            } else {
                let keys: Vec<u32> = (0..next(6)).map(|_| next(40)).collect();
                let items = threaded(&keys);
                assert_eq!(items.len(), keys.len());
                keys.into_iter().zip(items).for_each(|(key, item)| own(key, item));
            }
        }
    };
    let threads: Vec<_> = (0..4).map(|thread| std::thread::spawn(scope.wrap(move || run(thread)))).collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}
