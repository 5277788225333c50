//! What the contenders are asked to do, one file each. Another workload is one more entry in [`ALL`].

mod constant;
mod hit_text;
mod hit_ttl;
mod hit_u64;
mod miss;
mod mixed;

use crate::contender::Contender;
use crate::measure::{Plan, Settings, measure};
use crate::report::Report;

/// A workload: its name on the command line, its title, and how it is run.
#[derive(Debug)]
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) run: fn(&Workload, Settings) -> Report,
}

impl Workload {
    fn measure<K: Copy + Send + Sync + 'static>(
        &self,
        contenders: &[Contender<K>],
        plan: &Plan<K>,
        settings: Settings,
    ) -> Report {
        Report::new(self.name, self.title, plan.streams.len(), measure(contenders, plan, settings))
    }
}

/// All workloads, in the order in which they run.
pub(crate) const ALL: &[&Workload] = &[
    &hit_u64::ONE_THREAD,
    &hit_text::ONE_THREAD,
    &hit_ttl::ONE_THREAD,
    &hit_u64::HOT_KEY,
    &hit_u64::TWO_THREADS,
    &miss::UNBOUNDED,
    &miss::FULL,
    &mixed::ONE_THREAD,
    &mixed::TWO_THREADS,
    &constant::ONE_THREAD,
];

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
