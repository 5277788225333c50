//! The language of the table.
//!
//! | word | meaning |
//! |---|---|
//! | `up`, `down` | the source answers, each time with the number of the run; or fails with that number |
//! | `slow`, `go` | the source stalls; it goes on, and is up, and all that runs in the background has ended |
//! | `+60`, `+99ms` | the clock moves on |
//! | `1=3` | a call with 1 brings what run 3 answered; then the reload that it may have begun has ended |
//! | `1!3`, `1!late`, `1!` | it brings the failure of run 3, that of a load that took too long, any |
//! | `1..` | a call that stalls: it goes on while another thread waits for it; at the next word the source has been asked |
//! | `..=3`, `..!late` | what that call brings |
//! | `j` | all that runs in the background has ended |
//! | `w2` | the source has been asked for the second time |
//! | `r3`, `n1` | it has been asked three times; there is one entry |
//! | `x1`, `c1`, `-1` | 1 is invalidated, and was there; 1 is fresh; it is not |

use std::cell::RefCell;
use std::sync::{Arc, Condvar, Mutex, Once};
use std::task::{Poll, Waker};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use cached_core::{CacheInfo, runtime, testing};

/// What a function reads from.
pub struct Source {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    runs: u64,
    down: bool,
    slow: bool,
    wakers: Vec<Waker>,
}

impl Source {
    pub const fn new() -> Self {
        let state = State { runs: 0, down: false, slow: false, wakers: Vec::new() };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn begin(&self) -> (u64, bool) {
        let mut state = self.state.lock().unwrap();
        state.runs += 1;
        (state.runs, state.down)
    }

    fn end(run: u64, down: bool) -> Result<u64, String> {
        if down { Err(format!("failure of run {run}")) } else { Ok(run) }
    }

    pub fn read(&self) -> Result<u64, String> {
        let (run, down) = self.begin();
        let state = self.state.lock().unwrap();
        drop(self.changed.wait_while(state, |state| state.slow).unwrap());
        Self::end(run, down)
    }

    pub async fn read_async(&self) -> Result<u64, String> {
        let (run, down) = self.begin();
        std::future::poll_fn(|cx| {
            let mut state = self.state.lock().unwrap();
            if state.slow {
                state.wakers.push(cx.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
        Self::end(run, down)
    }

    fn set(&self, down: bool, slow: bool) {
        let wakers = {
            let mut state = self.state.lock().unwrap();
            (state.down, state.slow) = (down, slow);
            std::mem::take(&mut state.wakers)
        };
        self.changed.notify_all();
        wakers.into_iter().for_each(Waker::wake);
    }

    fn runs(&self) -> u64 {
        self.state.lock().unwrap().runs
    }

    /// No sleep: whoever is to ask it is on its way.
    fn wait_for_run(&self, run: u64) {
        while self.runs() < run {
            thread::yield_now();
        }
    }
}

/// A function, whatever its form.
#[derive(Clone, Copy)]
pub struct Function {
    pub source: &'static Source,
    pub call: fn(u64) -> Result<u64, String>,
    pub info: fn() -> CacheInfo,
    pub invalidate: fn(u64) -> bool,
    pub contains: fn(u64) -> bool,
}

/// Reloads in tasks of their own: a thread for each.
type Tasks = Arc<Mutex<Vec<JoinHandle<()>>>>;

thread_local!(static TASKS: RefCell<Option<Tasks>> = const { RefCell::new(None) });

fn spawn_by_threads() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        runtime::set_spawn(|task| {
            let tasks = TASKS.with(|tasks| tasks.borrow().clone()).expect("a script runs");
            let thread = thread::spawn(move || pollster::block_on(task));
            tasks.lock().unwrap().push(thread);
        });
    });
}

pub fn run(function: Function, script: &str) {
    spawn_by_threads();
    let tasks = Tasks::default();
    TASKS.with(|own| *own.borrow_mut() = Some(Arc::clone(&tasks)));
    let scope = testing::isolate();
    let mut play = Play { function, scope, tasks, is_slow: false, call: None };
    for (at, word) in script.split_whitespace().enumerate() {
        let said = script.split_whitespace().take(at + 1).collect::<Vec<_>>().join(" ");
        play.word(word, &said);
    }
    assert!(play.call.is_none(), "the answer of a call was not looked at");
    play.function.source.set(false, false);
    play.join();
}

struct Play {
    function: Function,
    scope: testing::Isolated,
    tasks: Tasks,
    is_slow: bool,
    call: Option<JoinHandle<Result<u64, String>>>,
}

impl Play {
    fn word(&mut self, word: &str, said: &str) {
        let source = self.function.source;
        match word {
            "up" => self.set(false, false),
            "down" => self.set(true, false),
            "slow" => self.set(false, true),
            "go" => {
                self.set(false, false);
                self.join();
            }
            "j" => self.join(),
            _ if word.starts_with("..") => {
                let answer = self.call.take().expect("a call that stalls").join();
                assert_answer(&answer.expect("a call does not panic"), &word[2..], said);
            }
            _ if word.ends_with("..") => {
                let (key, call, runs) = (number(&word[..word.len() - 2]), self.function.call, source.runs());
                let tasks = Arc::clone(&self.tasks);
                self.call = Some(thread::spawn(self.scope.wrap(move || {
                    TASKS.with(|own| *own.borrow_mut() = Some(tasks));
                    call(key)
                })));
                source.wait_for_run(runs + 1);
            }
            _ => match word.split_at(1) {
                ("+", time) => self.scope.advance(match time.strip_suffix("ms") {
                    Some(time) => Duration::from_millis(number(time)),
                    None => Duration::from_secs(number(time)),
                }),
                ("w", run) => source.wait_for_run(number(run)),
                ("r", runs) => assert_eq!(source.runs(), number(runs), "runs after `{said}`"),
                ("n", len) => {
                    assert_eq!((self.function.info)().len as u64, number(len), "entries after `{said}`")
                }
                ("x", key) => assert!((self.function.invalidate)(number(key)), "`{said}`"),
                ("c", key) => assert!((self.function.contains)(number(key)), "`{said}`"),
                ("-", key) => assert!(!(self.function.contains)(number(key)), "`{said}`"),
                (key, answer) => {
                    let got = (self.function.call)(number(key));
                    assert_answer(&got, answer, said);
                    if !self.is_slow {
                        self.join();
                    }
                }
            },
        }
    }

    fn set(&mut self, down: bool, slow: bool) {
        self.is_slow = slow;
        self.function.source.set(down, slow);
    }

    /// Waits until nothing runs in the background.
    fn join(&self) {
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap());
        tasks.into_iter().for_each(|task| task.join().expect("a reload does not panic"));
        self.scope.settle();
    }
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no number"))
}

fn assert_answer(got: &Result<u64, String>, answer: &str, said: &str) {
    match answer.split_at(1) {
        ("=", run) => assert_eq!(*got, Ok(number(run)), "after `{said}`"),
        ("!", "late") => {
            assert!(got.as_ref().is_err_and(|error| error.contains("took longer")), "{got:?} after `{said}`")
        }
        ("!", "") => assert!(got.is_err(), "{got:?} after `{said}`"),
        ("!", run) => assert_eq!(*got, Err(format!("failure of run {run}")), "after `{said}`"),
        _ => panic!("`{answer}` is no answer"),
    }
}

/// A row: options, and what happens under them; after `tasks`, one for asynchronous functions only.
#[macro_export]
macro_rules! row {
    ($name:ident, [$($options:tt)*], $script:literal) => {
        mod $name {
            $crate::row!(@plain [$($options)*], $script);
            $crate::row!(@task [$($options)*], $script);
        }
    };
    (tasks $name:ident, [$($options:tt)*], $script:literal) => {
        mod $name {
            $crate::row!(@task [$($options)*], $script);
        }
    };
    (@plain [$($options:tt)*], $script:literal) => {
        #[test]
        fn by_threads() {
            static SOURCE: $crate::script::Source = $crate::script::Source::new();

            #[cached_core::memoize($($options)*)]
            fn plain(n: u64) -> Result<u64, String> {
                let _ = n;
                SOURCE.read()
            }

            let function = $crate::script::Function {
                source: &SOURCE,
                call: plain,
                info: plain::cache_info,
                invalidate: plain::invalidate,
                contains: plain::contains,
            };
            $crate::script::run(function, $script);
        }
    };
    (@task [$($options:tt)*], $script:literal) => {
        #[test]
        fn by_tasks() {
            static SOURCE: $crate::script::Source = $crate::script::Source::new();

            #[cached_core::memoize($($options)*)]
            async fn task(n: u64) -> Result<u64, String> {
                let _ = n;
                SOURCE.read_async().await
            }

            let function = $crate::script::Function {
                source: &SOURCE,
                call: |n| pollster::block_on(task(n)),
                info: task::cache_info,
                invalidate: task::invalidate,
                contains: task::contains,
            };
            $crate::script::run(function, $script);
        }
    };
}
