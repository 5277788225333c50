//! Those who ask, and what they see.

use std::thread;
use std::time::Duration;

use crate::ask::Program;
use crate::station::{END, Station};

/// How many ask at the same time, and for how many towns.
const CUSTOMERS: u32 = 6;
const TOWNS: u32 = 12;
/// How long each waits between two questions.
const PAUSE: Duration = Duration::from_millis(4);

/// A question that was answered.
pub(crate) struct Call {
    /// When the answer came.
    pub(crate) at: Duration,
    pub(crate) took: Duration,
    /// How old the weather was by then; none where the answer was an error.
    pub(crate) age: Option<Duration>,
}

/// What the customers of a program saw.
pub(crate) struct Seen {
    pub(crate) options: String,
    pub(crate) calls: Vec<Call>,
    /// How often the source was asked.
    pub(crate) requests: u64,
}

impl Seen {
    pub(crate) fn errors(&self) -> usize {
        self.calls.iter().filter(|call| call.age.is_none()).count()
    }

    pub(crate) fn latencies(&self) -> Vec<Duration> {
        let mut latencies: Vec<_> = self.calls.iter().map(|call| call.took).collect();
        latencies.sort_unstable();
        latencies
    }

    pub(crate) fn oldest(&self) -> Duration {
        self.calls.iter().filter_map(|call| call.age).max().unwrap_or_default()
    }
}

/// Has customers ask until the schedule is over.
pub(crate) fn watch(program: &Program, station: &Station) -> Seen {
    let calls = thread::scope(|threads| {
        let customers = (0..CUSTOMERS).map(|number| threads.spawn(move || one(program, station, number)));
        let customers: Vec<_> = customers.collect();
        customers.into_iter().flat_map(|one| one.join().expect("a customer does not panic")).collect()
    });
    Seen { options: program.options(), calls, requests: station.requests() }
}

fn one(program: &Program, station: &Station, number: u32) -> Vec<Call> {
    let (begun, mut calls) = (station.begun(), Vec::new());
    let mut chance = u64::from(number) + 1;
    loop {
        let asked = begun.elapsed();
        if asked >= END {
            break;
        }
        // Any town: who asked for one in their order would walk in step, as all wait for the same load.
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let answer = (program.weather)((chance >> 33) as u32 % TOWNS);
        let at = begun.elapsed();
        calls.push(Call {
            at,
            took: at - asked,
            age: answer.ok().map(|measured| at.saturating_sub(measured)),
        });
        thread::sleep(PAUSE);
    }
    calls
}
