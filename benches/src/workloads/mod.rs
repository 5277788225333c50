//! What the contenders are asked to do, one file each. Another workload is one more entry in [`ALL`].

mod allocations;
mod build;
mod bytes;
mod growth;
mod hits;
mod instructions;
mod miss;
mod mixed;
mod threads;

use crate::child::Task;
use crate::contender::Contender;
use crate::measure::{Plan, Settings, measure};
use crate::report::{Report, Row, Unit};

/// A workload: its name on the command line, its title, and how it is run. What cannot be run here says why.
#[derive(Debug)]
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) run: fn(&Workload, Settings) -> Result<Report, String>,
}

impl Workload {
    #[expect(clippy::unnecessary_wraps, reason = "as workloads are run")]
    fn measure<K: Copy + Send + Sync + 'static>(
        &self,
        contenders: &[Contender<K>],
        plan: &Plan<K>,
        settings: Settings,
    ) -> Result<Report, String> {
        let rows = measure(contenders, plan, settings);
        Ok(Report { threads: plan.streams.len(), ..self.report(Unit::Nanoseconds, rows) })
    }

    fn report(&self, unit: Unit, rows: Vec<Row>) -> Report {
        Report { name: self.name.to_owned(), title: self.title.to_owned(), threads: 1, unit, rows }
    }
}

/// All workloads, in the order in which they run.
pub(crate) const ALL: &[&Workload] = &[
    &hits::U64,
    &hits::U64_MILLION,
    &hits::TEXT,
    &hits::TEXT_MORE,
    &hits::TEXT_MILLION,
    &hits::PAIR,
    &hits::PAIR_MILLION,
    &hits::TTL,
    &hits::ASYNC,
    &hits::GENERIC,
    &hits::CONSTANT,
    &threads::HOT_KEY_ALONE,
    &threads::HOT_KEY,
    &threads::ZIPF_ALONE,
    &threads::ZIPF,
    &miss::UNBOUNDED,
    &miss::FULL,
    &mixed::ONE_THREAD,
    &mixed::TWO_THREADS,
    &growth::WORST_INSERT,
    &bytes::PER_ENTRY,
    &allocations::PER_HIT,
    &instructions::PER_HIT,
    &build::CLEAN,
];

/// What this process does when it is another's child.
pub(crate) fn run_child(task: Task, contender: usize, amount: usize) -> Result<String, String> {
    match task {
        Task::Hits => instructions::child(contender, amount),
        Task::Bytes => bytes::child(contender),
        Task::Growth => growth::child(contender),
    }
}

/// The contender of a number, as a parent counts them.
fn nth<K>(mut contenders: Vec<Contender<K>>, number: usize) -> Result<Contender<K>, String> {
    if number < contenders.len() {
        Ok(contenders.swap_remove(number))
    } else {
        Err(format!("there is no contender {number}, the last is {}", contenders.len() - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_tell_workloads_apart_and_tables_fit() {
        assert_eq!(ALL.iter().map(|workload| workload.name).collect::<HashSet<_>>().len(), ALL.len());
        assert!(ALL.iter().all(|workload| workload.name.len() + workload.title.len() + 2 <= 100));
    }
}
