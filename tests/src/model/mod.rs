//! Random programs on functions with random options, against a naive model: what every call answers, what every counter
//! says, who is there afterwards, and that the structure is sound, after each step. A program is a string of bytes, so that
//! a property test and a fuzzer can write it.

use std::fmt;
use std::time::Duration;

use cached_core::__private::assert_valid;
use cached_core::{PolicyKind, testing};

mod chosen;
mod list;

use chosen::{Chosen, End, Inside, SUBJECTS, Script, Subject, World};
use list::{Model, Seen};

const POLICIES: [PolicyKind; 10] = [
    PolicyKind::Lru,
    PolicyKind::Adaptive,
    PolicyKind::Arc,
    PolicyKind::Fifo,
    PolicyKind::Lfu,
    PolicyKind::Lirs,
    PolicyKind::Random,
    PolicyKind::S3Fifo,
    PolicyKind::Sieve,
    PolicyKind::TinyLfu,
];

/// Keys are numbers below this.
const KEYS: u8 = 12;

#[derive(Clone, Copy, Debug)]
enum Step {
    Call(u8, Script),
    Refresh(u8, Script),
    Insert(u8, u64),
    Invalidate(u8),
    /// Those of the keys that this divides.
    InvalidateIf(u8),
    Clear,
    Advance(Duration),
}

/// Choices, a byte each; the last are zeros.
struct Bytes<'a> {
    rest: std::slice::Iter<'a, u8>,
    /// Bodies bring another value each time.
    values: u64,
}

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        self.rest.next().copied().unwrap_or(0)
    }

    fn below(&mut self, sides: u8) -> u8 {
        self.byte() % sides
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::from(self.byte()) % all.len()]
    }

    fn value(&mut self) -> u64 {
        self.values += 1;
        self.values
    }

    /// Options that can be written together.
    fn chosen(&mut self) -> Chosen {
        let mut chosen = Chosen { hashes: self.of(&[KEYS, 1, 3]), ..Chosen::default() };
        let bounds = self.below(5);
        if matches!(bounds, 1..=3) {
            chosen.max = Some(self.of(&[4, 1, 2, 3, 7, 0, 40]));
        }
        if matches!(bounds, 3 | 4) {
            chosen.max_weight = Some(self.of(&[25, 1, 7, 12, 50, 0, u64::MAX]));
        }
        if bounds != 0 {
            chosen.policy = self.below(8).checked_sub(1).map(|_| self.of(&POLICIES));
        }
        let ages = self.byte();
        let spans = [5, 1, 2, 9, 30, 0, u64::MAX];
        match ages & 3 {
            1 => chosen.ttl = Some(self.of(&spans)),
            2 => chosen.ttl_of = true,
            _ => {}
        }
        if ages & 4 != 0 {
            chosen.idle = Some(self.of(&spans));
        }
        if ages & 3 != 0 && ages & 8 != 0 {
            chosen.jitter = self.of(&[0.25, 0.0, 1.0]);
        }
        if ages & 16 != 0 {
            chosen.refresh_after = Some(self.of(&spans));
        }
        if ages & 7 != 0 && ages & 32 != 0 {
            chosen.stale_if_error = Some(self.of(&spans));
        }
        if ages & 64 != 0 && (chosen.refresh_after.is_some() || chosen.stale_if_error.is_some()) {
            chosen.retry_after = Some(self.of(&spans));
        }
        chosen.store_if = ages & 128 != 0;
        chosen
    }

    fn script(&mut self, subject: &Subject) -> Script {
        let choice = self.byte();
        let end = match choice % 8 {
            0..=4 => End::Value,
            5 | 6 if subject.fails => End::Error,
            7 => End::Panic,
            _ => End::Value,
        };
        let inside = match choice / 8 {
            0 => Inside::Invalidate(self.below(KEYS)),
            1 => Inside::Insert,
            2 => Inside::Clear,
            3 => Inside::Peek(self.below(KEYS)),
            _ => Inside::Nothing,
        };
        Script { value: self.value(), end, inside, inserts: self.value() }
    }

    fn step(&mut self, subject: &Subject) -> Option<Step> {
        let choice = *self.rest.next()?;
        let key = (choice >> 4) % KEYS;
        Some(match choice % 16 {
            0..=7 => Step::Call(key, self.script(subject)),
            8 => Step::Refresh(key, self.script(subject)),
            9 => Step::Insert(key, self.value()),
            10 => Step::Invalidate(key),
            11 if key < 5 => Step::InvalidateIf(key + 2),
            11 if key < 7 => Step::Clear,
            12 if key == 1 => Step::Advance(Duration::from_secs(365 * 86_400 * 100)),
            12 if key == 2 => Step::Advance(Duration::from_nanos(1)),
            12..=14 => Step::Advance(Duration::from_secs(u64::from(key))),
            _ => Step::Call(key % 3, self.script(subject)),
        })
    }
}

/// Says, if a check fails, on the way to which step it did.
struct Story<'a> {
    name: &'a str,
    chosen: &'a Chosen,
    steps: Vec<Step>,
}

impl Drop for Story<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{self}");
        }
    }
}

impl fmt::Display for Story<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "`{}` with {:?}:", self.name, self.chosen)?;
        self.steps.iter().try_for_each(|step| writeln!(f, "  {step:?}"))
    }
}

/// Runs the program that these bytes are.
///
/// # Panics
/// If anything is not as the model has it.
pub fn run(program: &[u8]) {
    let mut bytes = Bytes { rest: program.iter(), values: 0 };
    let subject = &SUBJECTS[usize::from(bytes.below(4))];
    let chosen = bytes.chosen();
    chosen::choose(chosen);
    let (scope, world) = (testing::isolate(), World::new(subject, chosen.hashes));
    let mut model = Model::new(chosen, subject.ahead);
    let mut story = Story { name: subject.name, chosen: &chosen, steps: Vec::new() };
    model.check(&look(subject, &world));
    while let Some(step) = bytes.step(subject) {
        story.steps.push(step);
        take(step, subject, &world, &scope, &mut model);
    }
}

/// Takes one step, and compares.
fn take(
    step: Step,
    subject: &Subject,
    world: &std::sync::Arc<World>,
    scope: &testing::Scope,
    model: &mut Model,
) {
    match step {
        Step::Call(number, script) | Step::Refresh(number, script) => {
            world.script(Some(script));
            let called = matches!(step, Step::Call(..));
            let answer = if called { subject.call } else { subject.refresh }(&world.key(number));
            scope.settle();
            let ran = world.script(None).is_none();
            let stale = (subject.info)().stale_hits;
            let (expected, runs) =
                if called { model.call(number, script, stale) } else { model.refresh(number, script) };
            assert_eq!((answer, ran), (expected, runs), "the answer, and whether the body ran");
        }
        Step::Insert(number, value) => {
            (subject.insert)(&world.key(number), value);
            model.store(number, value);
        }
        Step::Invalidate(number) => {
            let there = model.remove(|key| key == number) == 1;
            assert_eq!((subject.invalidate)(&world.key(number)), there);
        }
        Step::InvalidateIf(by) => {
            let gone = model.remove(|key| key % by == 0);
            assert_eq!((subject.invalidate_if)(&mut |key, _| key.number % by == 0), gone);
        }
        Step::Clear => assert_eq!((subject.clear)(), model.remove(|_| true)),
        Step::Advance(time) => {
            scope.advance(time);
            model.advance(time);
        }
    }
    model.check(&look(subject, world));
    assert_valid((subject.memo)());
}

/// What can be seen from outside without a change: who is there, fresh or not, and what is counted.
fn look(subject: &Subject, world: &std::sync::Arc<World>) -> Seen {
    let info = (subject.info)();
    let fresh = (0..KEYS)
        .filter_map(|number| {
            let key = world.key(number);
            let value = (subject.peek)(&key);
            assert_eq!((subject.contains)(&key), value.is_some());
            Some((number, value?))
        })
        .collect();
    let mut held = Vec::new();
    (subject.invalidate_if)(&mut |key, value| {
        held.push((key.number, *value));
        false
    });
    held.sort_unstable();
    Seen { info, fresh, held }
}
