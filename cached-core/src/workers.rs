//! Threads that reload what has grown old while its callers go on: a few, started when there is something to do, and gone
//! again when there has been nothing for a while.

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::sync::{Bell, StaticMutex, processors};

type Job = Box<dyn FnOnce() + Send>;

/// Jobs that may wait. Whatever is too much is not reloaded now; a later call will ask again.
const QUEUE: usize = 1024;
/// How long a thread waits for something to do before it ends.
const PATIENCE: Duration = Duration::from_secs(10);

struct Workers {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
}

static WORKERS: StaticMutex<Workers> =
    StaticMutex::new(Workers { jobs: VecDeque::new(), threads: 0, idle: 0 });
static BELL: Bell = Bell::new();

thread_local!(static IS_ONE: Cell<bool> = const { Cell::new(false) });

/// Whether this thread is one of them.
pub(crate) fn is_one() -> bool {
    IS_ONE.with(Cell::get)
}

/// Most threads at a time. Loads wait for others more than they compute.
fn most() -> usize {
    processors().clamp(4, 16)
}

/// Has a job done by another thread; gives it back where that cannot be.
pub(crate) fn run(job: Job) -> Result<(), Job> {
    let start = {
        let mut workers = WORKERS.lock();
        if workers.jobs.len() >= QUEUE {
            return Err(job);
        }
        workers.jobs.push_back(job);
        let start = workers.idle < workers.jobs.len() && workers.threads < most();
        workers.threads += usize::from(start);
        start
    };
    BELL.ring();
    if start && std::thread::Builder::new().name("memoize reload".to_owned()).spawn(work).is_err() {
        let mut workers = WORKERS.lock();
        workers.threads -= 1;
        if workers.threads == 0 {
            return workers.jobs.pop_back().map_or(Ok(()), Err);
        }
    }
    Ok(())
}

/// Whether there is a thread, or room for one, for each job that waits.
pub(crate) fn keep_up() -> bool {
    let workers = WORKERS.lock();
    workers.jobs.len() <= workers.idle + (most() - workers.threads.min(most()))
}

fn work() {
    IS_ONE.set(true);
    while let Some(job) = next() {
        // The panic has been told by the hook; the callers have their values.
        drop(catch_unwind(AssertUnwindSafe(job)));
    }
}

fn next() -> Option<Job> {
    let begun = Instant::now();
    let mut workers = WORKERS.lock();
    loop {
        if let Some(job) = workers.jobs.pop_front() {
            return Some(job);
        }
        let Some(left) = PATIENCE.checked_sub(begun.elapsed()) else {
            workers.threads -= 1;
            return None;
        };
        workers.idle += 1;
        workers = BELL.wait(workers, Some(left));
        workers.idle -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn jobs_are_done_by_a_few_threads_whatever_they_panic_with() {
        let (done, all) = mpsc::channel();
        for n in 0..200 {
            let done = done.clone();
            let job = move || {
                let thread = std::thread::current().id();
                done.send((n, thread)).unwrap();
                assert!(n % 50 != 0, "a panic that nobody sees");
            };
            assert!(run(Box::new(job)).is_ok());
        }
        let mut seen: Vec<_> = (0..200).map(|_| all.recv().unwrap()).collect();
        seen.sort_by_key(|(n, _)| *n);
        assert!(seen.iter().map(|(n, _)| *n).eq(0..200));
        let threads: std::collections::HashSet<_> = seen.iter().map(|(_, thread)| *thread).collect();
        assert!(threads.len() <= most());
    }
}
