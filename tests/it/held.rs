//! Loads of tasks that let them lie, and the threads that wait for them.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use cached_core::{Cache, memoize};
use pollster::block_on;
use smol::future::yield_now;

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_thread_does_not_wait_for_a_task_that_lets_its_load_lie() {
    let (tell, told) = channel();
    // As one thread it would wait for itself.
    std::thread::spawn(move || {
        let cache: Cache<u32, u32> = Cache::default();
        let mut held = pin!(cache.get_or_load_async(1, || async {
            yield_now().await;
            1
        }));
        assert!(poll(held.as_mut()).is_pending());
        let own = cache.get_or_load(1, || 2);
        let info = cache.info();
        tell.send((own, info.misses, info.loads, info.coalesced, block_on(held), cache.get(&1))).unwrap();
    });
    let told = told.recv_timeout(Duration::from_secs(60)).expect("it does not hang");
    assert_eq!(told, (2, 2, 1, 0, 1, Some(2)), "what was let lie is not kept");
}

#[test]
fn a_thread_waits_for_a_task_that_goes_on() {
    let cache: Cache<u32, u32> = Cache::default();
    let go = AtomicBool::new(false);
    let load = async {
        while !go.load(Ordering::SeqCst) {
            // Without a wake: it is the task's business when it looks again.
            std::future::poll_fn(|_| if go.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending })
                .await;
        }
        1
    };
    let mut call = pin!(cache.get_or_load_async(1, || load));
    assert!(poll(call.as_mut()).is_pending());
    std::thread::scope(|threads| {
        let thread = threads.spawn(|| cache.get_or_load(1, || 2));
        for _ in 0..1000 {
            assert!(poll(call.as_mut()).is_pending());
            std::thread::yield_now();
        }
        go.store(true, Ordering::SeqCst);
        assert_eq!(poll(call.as_mut()), Poll::Ready(1));
        assert_eq!(thread.join().unwrap(), 1);
    });
    let info = cache.info();
    assert_eq!((info.loads, info.misses, info.hits + info.coalesced), (1, 1, 1));
}

#[test]
fn threads_and_tasks_share_loads_whoever_lets_them_lie() {
    const ROUNDS: u32 = 60;
    let cache: Cache<u32, u32> = Cache::default();
    std::thread::scope(|threads| {
        for number in 0..6 {
            let cache = &cache;
            threads.spawn(move || {
                for key in 0..ROUNDS {
                    let load = || async move {
                        yield_now().await;
                        key
                    };
                    match (number + key) % 3 {
                        0 => assert_eq!(cache.get_or_load(key, || key), key),
                        1 => assert_eq!(block_on(cache.get_or_load_async(key, load)), key),
                        _ => {
                            let mut held = pin!(cache.get_or_load_async(key, load));
                            let begun = poll(held.as_mut()).is_ready();
                            assert!(begun || cache.get_or_load(key, || key) == key);
                        }
                    }
                }
            });
        }
    });
    assert_eq!(cache.info().len, ROUNDS as usize);
}

#[memoize]
async fn lent(text: &str, own: u32) -> usize {
    yield_now().await;
    text.len() + own as usize
}

#[test]
fn a_task_that_lets_its_wait_lie_does_not_keep_others_waiting() {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let text = "a".repeat(3);
        let (mut held, mut waits) = (pin!(lent(&text, 1)), pin!(lent(&text, 1)));
        assert!(poll(held.as_mut()).is_pending());
        // It has seen that nobody goes on with the load, and now nobody goes on with it either.
        assert!(poll(waits.as_mut()).is_pending());
        tell.send(block_on(lent(&text, 1))).unwrap();
    });
    assert_eq!(told.recv_timeout(Duration::from_secs(60)).expect("it does not hang"), 4);
}

#[derive(Default)]
struct Told(AtomicUsize);

impl Wake for Told {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn who_looked_while_a_load_was_polled_is_told_that_it_is_no_more() {
    let cache: Cache<u32, u32> = Cache::default();
    let (inside, is_inside) = channel();
    let (go, may_go) = channel::<()>();
    let woken = Arc::new(Told::default());
    let waker = Waker::from(Arc::clone(&woken));
    std::thread::scope(|threads| {
        let held = threads.spawn(|| {
            let mut polls = 0;
            let body = std::future::poll_fn(move |cx| {
                polls += 1;
                if polls > 1 {
                    return Poll::Ready(1);
                }
                inside.send(()).unwrap();
                may_go.recv().unwrap();
                cx.waker().wake_by_ref();
                inside.send(()).unwrap();
                may_go.recv().unwrap();
                Poll::Pending
            });
            let mut held = Box::pin(cache.get_or_load_async(1, || body));
            assert!(poll(held.as_mut()).is_pending());
            // Let lie by who began it.
            held
        });
        let mut waits = pin!(cache.get_or_load_async(1, || async { 2 }));
        let mut look = || assert!(waits.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        is_inside.recv().unwrap();
        look();
        go.send(()).unwrap();
        is_inside.recv().unwrap();
        // The body has been woken, and is in its caller's hands.
        look();
        let before = woken.0.load(Ordering::SeqCst);
        go.send(()).unwrap();
        let held = held.join().unwrap();
        assert!(woken.0.load(Ordering::SeqCst) > before, "nobody would look again");
        drop(held);
    });
}

#[test]
fn one_of_those_who_wait_loads_in_the_place_of_who_lets_a_load_lie() {
    let (cache, runs): (Cache<u32, u32>, _) = (Cache::default(), AtomicU32::new(0));
    let load = || async {
        if runs.fetch_add(1, Ordering::SeqCst) == 0 {
            yield_now().await;
        }
        1
    };
    let mut held = pin!(cache.get_or_load_async(1, load));
    assert!(poll(held.as_mut()).is_pending());
    let mut waits = [(); 3].map(|()| Box::pin(cache.get_or_load_async(1, load)));
    let told = [(); 3].map(|()| Arc::new(Told::default()));
    let mut look = |at: usize| {
        let waker = Waker::from(Arc::clone(&told[at]));
        waits[at].as_mut().poll(&mut Context::from_waker(&waker))
    };
    assert!((0..3).all(|at| look(at).is_pending()));
    while look(0).is_pending() {
        std::thread::yield_now();
    }
    for at in [1, 2] {
        assert!(told[at].0.load(Ordering::SeqCst) > 0, "it would not look before its own patience ends");
        assert_eq!(look(at), Poll::Ready(1));
    }
    assert_eq!((runs.load(Ordering::SeqCst), cache.info().loads), (2, 1));
    assert_eq!(block_on(held), 1);
}

#[test]
fn nor_does_a_detached_caller_wait_for_a_task_that_lets_its_load_lie() {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let cache: Cache<u32, u32> = Cache::builder()
            .ttl(Duration::from_secs(1))
            .stale_if_error(Duration::from_secs(1))
            .soft_timeout(Duration::from_millis(1))
            .build();
        let mut held = pin!(cache.get_or_load_async(1, || async {
            yield_now().await;
            1
        }));
        assert!(poll(held.as_mut()).is_pending());
        tell.send(cache.detached().get_or_load(1, || 2)).unwrap();
    });
    assert_eq!(told.recv_timeout(Duration::from_secs(60)), Ok(2));
}
