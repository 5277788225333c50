//! Single flight on every executor: the same cases under tokio with one thread and with several, under smol, and with
//! pollster, which has nothing but a thread for each task.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use cached_core::memoize;
use tokio::sync::Semaphore;

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

const TASKS: usize = 40;

fn on_tokio(mut runtime: tokio::runtime::Builder, tasks: Vec<Task>) {
    let runtime = runtime.build().unwrap();
    runtime.block_on(async {
        for task in tasks.into_iter().map(|task| runtime.spawn(task)).collect::<Vec<_>>() {
            task.await.unwrap();
        }
    });
}

fn on_one_tokio_thread(tasks: Vec<Task>) {
    on_tokio(tokio::runtime::Builder::new_current_thread(), tasks);
}

fn on_tokio_threads(tasks: Vec<Task>) {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(3);
    on_tokio(runtime, tasks);
}

fn on_one_smol_thread(tasks: Vec<Task>) {
    let executor = smol::LocalExecutor::new();
    let tasks: Vec<_> = tasks.into_iter().map(|task| executor.spawn(task)).collect();
    smol::block_on(executor.run(async {
        for task in tasks {
            task.await;
        }
    }));
}

fn on_smol_threads(tasks: Vec<Task>) {
    let (executor, over) = (smol::Executor::new(), Semaphore::new(0));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| smol::block_on(executor.run(async { drop(over.acquire().await.unwrap()) })));
        }
        let tasks: Vec<_> = tasks.into_iter().map(|task| executor.spawn(task)).collect();
        smol::block_on(async {
            for task in tasks {
                task.await;
            }
        });
        over.add_permits(1);
    });
}

fn on_pollster(tasks: Vec<Task>) {
    std::thread::scope(|scope| {
        for task in tasks {
            scope.spawn(|| pollster::block_on(task));
        }
    });
}

/// Polls once.
async fn once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}

/// A body that ends when so many callers have come, or so many doors were opened.
struct Source {
    called: AtomicUsize,
    runs: AtomicUsize,
    /// One permit for each run that has begun.
    running: Semaphore,
}

impl Source {
    const fn new() -> Self {
        let (called, runs) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { called, runs, running: Semaphore::const_new(0) }
    }

    fn call(&self) {
        self.called.fetch_add(1, Ordering::SeqCst);
    }

    async fn read(&self) -> usize {
        let run = self.runs.fetch_add(1, Ordering::SeqCst) + 1;
        self.running.add_permits(1);
        while self.called.load(Ordering::SeqCst) < TASKS {
            smol::future::yield_now().await;
        }
        run
    }

    async fn until_running(&self) {
        drop(self.running.acquire().await.unwrap());
    }
}

/// A task for each of these calls.
fn tasks<F: Future<Output = ()> + Send + 'static>(task: impl Fn(usize) -> F) -> Vec<Task> {
    (0..TASKS).map(|number| Box::pin(task(number)) as Task).collect()
}

/// `$fair`: whether a caller that was woken has its turn before others have theirs many times. Where it has not, a load that
/// borrows may be taken for forgotten, which costs another.
macro_rules! on {
    ($executor:ident, fair: $fair:expr) => {
        mod $executor {
            use super::*;

            #[test]
            fn one_load_for_all() {
                static SOURCE: Source = Source::new();
                #[memoize]
                async fn owned(_key: u8) -> usize {
                    SOURCE.read().await
                }
                super::$executor(tasks(|_| async {
                    SOURCE.call();
                    assert_eq!(owned(7).await, 1);
                }));
                let info = owned::cache_info();
                assert_eq!((info.misses, info.loads, info.hits + info.coalesced), (1, 1, TASKS as u64 - 1));
            }

            #[test]
            fn one_load_for_all_that_borrows() {
                static SOURCE: Source = Source::new();
                #[memoize]
                async fn borrowing(_key: &str) -> usize {
                    SOURCE.read().await
                }
                super::$executor(tasks(|_| async {
                    SOURCE.call();
                    assert!(borrowing("seven").await >= 1);
                }));
                let info = borrowing::cache_info();
                assert_eq!(info.misses + info.hits + info.coalesced, TASKS as u64);
                assert_eq!(info.loads, info.misses);
                assert!(info.loads == 1 || !$fair, "{info}");
            }

            /// The first caller begins the load and looks elsewhere until all others are through.
            #[test]
            fn a_caller_that_does_not_go_on() {
                static SOURCE: Source = Source::new();
                static THROUGH: Semaphore = Semaphore::const_new(0);
                #[memoize]
                async fn owned(_key: u8) -> usize {
                    SOURCE.read().await
                }
                super::$executor(tasks(|number| async move {
                    if number == 0 {
                        let mut held = pin!(owned(7));
                        assert!(once(held.as_mut()).await.is_pending());
                        SOURCE.call();
                        let others = u32::try_from(TASKS - 1).unwrap();
                        drop(THROUGH.acquire_many(others).await.unwrap());
                        assert_eq!(held.await, 1);
                    } else {
                        SOURCE.until_running().await;
                        SOURCE.call();
                        assert_eq!(owned(7).await, 1);
                        THROUGH.add_permits(1);
                    }
                }));
                assert_eq!(SOURCE.runs.load(Ordering::SeqCst), 1);
            }

            /// The first caller begins the load and leaves.
            #[test]
            fn a_caller_that_leaves() {
                static SOURCE: Source = Source::new();
                #[memoize]
                async fn borrowing(_key: &str) -> usize {
                    SOURCE.read().await
                }
                super::$executor(tasks(|number| async move {
                    if number == 0 {
                        {
                            let mut left = pin!(borrowing("seven"));
                            assert!(once(left.as_mut()).await.is_pending());
                        }
                        SOURCE.call();
                    } else {
                        SOURCE.until_running().await;
                        SOURCE.call();
                        // What was begun went with its caller; one of the others loads for all.
                        assert!(borrowing("seven").await >= 2);
                    }
                }));
                let loads = borrowing::cache_info().loads;
                assert!(loads == 1 || !$fair, "{loads}");
            }
        }
    };
}

on!(on_one_tokio_thread, fair: true);
on!(on_tokio_threads, fair: false);
on!(on_one_smol_thread, fair: true);
on!(on_smol_threads, fair: false);
on!(on_pollster, fair: false);

fn is_send<T: Send>(_: &T) -> bool {
    true
}

/// By the compiler: were any of them not `Send`, this would not be a program.
#[test]
fn what_can_be_sent_stays_so() {
    #[memoize(ttl = 60s, refresh_after = 30s, stale_if_error = 60s, max = 10, store_if = |n| *n > 0)]
    async fn owned(n: u64) -> Result<u64, String> {
        Ok(n)
    }
    #[memoize]
    async fn borrowing(text: &str, all: &[u8]) -> usize {
        text.len() + all.len()
    }
    #[memoize]
    async fn generic<T: Clone + Send + Sync + std::hash::Hash + Eq + 'static>(_n: u64, value: T) -> T {
        value
    }
    assert!(is_send(&owned(1)) && is_send(&owned::refresh(1)) && is_send(&owned::uncached(1)));
    assert!(is_send(&borrowing("a", &[1])) && is_send(&borrowing::refresh("a", &[1])));
    assert!(is_send(&generic(1, 'x')) && is_send(&generic::refresh(1, String::new())));
}
