//! `scope = request`: a cache for each request.

use std::sync::Arc;
use std::time::Duration;

use cached_core::{Scope, memoize, registry, testing};

#[memoize(scope = request)]
fn user(token: &str) -> String {
    format!("user of {token}")
}

#[memoize]
fn country(code: u32) -> u32 {
    user("inside");
    code
}

#[test]
fn without_a_scope_nothing_is_kept() {
    let _test = testing::isolate();
    std::thread::spawn(|| {
        let before = user::cache_info();
        assert_eq!((user("a"), user("a")), ("user of a".to_owned(), "user of a".to_owned()));
        user::insert("a", "another".to_owned());
        assert_eq!((user::peek("a"), user::contains("a"), user::invalidate("a")), (None, false, false));
        assert_eq!((user("a"), user::clear()), ("user of a".to_owned(), 0));
        let after = user::cache_info();
        assert_eq!((after.misses - before.misses, after.hits - before.hits, after.len), (3, 0, 0));
    })
    .join()
    .unwrap();
}

#[test]
fn each_scope_has_its_own_and_it_goes_with_it() {
    let _test = testing::isolate();
    let (first, second) = (Scope::new(), Scope::new());
    first.wrap(|| assert_eq!((user("a"), user("a")), (user("a"), user("a"))))();
    {
        let _in = second.enter();
        assert!(!user::contains("a"));
        user("a");
        assert_eq!((user::cache_info().misses, user::cache_info().hits), (1, 0));
    }
    let _in = first.enter();
    assert!(user::contains("a"));
    assert_eq!((user::cache_info().misses, user::cache_info().hits), (1, 3));
}

#[test]
fn other_functions_keep_to_the_cache_of_the_process() {
    let _test = testing::isolate();
    let request = Scope::new();
    request.wrap(|| (country(1), country(1)))();
    assert_eq!((country::cache_info().misses, country::cache_info().hits), (1, 1));
    assert!(country::contains(1));
}

#[test]
fn the_sums_of_ended_requests_are_shown_outside() {
    let _test = testing::isolate();
    for _ in 0..3 {
        let request = Scope::new();
        request.wrap(|| (user("a"), user("a")))();
    }
    let info = user::cache_info();
    assert_eq!((info.misses, info.hits, info.len), (3, 3, 0));
    assert_eq!(registry::find("user").unwrap().cache_info().hits, 3);
    let open = Scope::new();
    let _in = open.enter();
    user("a");
    assert_eq!(registry::find("user").unwrap().cache_info().misses, 3, "the registry is the test's");
    assert_eq!(user::cache_info().misses, 1, "and this the request's");
}

#[test]
fn scopes_nest() {
    let _test = testing::isolate();
    let (outer, inner) = (Scope::new(), Scope::new());
    let _outer = outer.enter();
    user("a");
    inner.wrap(|| assert!(!user::contains("a")))();
    assert!(user::contains("a"));
    let _test = testing::isolate();
    assert!(!user::contains("a"), "a test in a request");
}

#[test]
fn a_request_ages_by_the_tests_clock() {
    #[memoize(scope = request, ttl = 10s)]
    fn ages(n: u32) -> u32 {
        n
    }
    let test = testing::isolate();
    let request = Scope::new();
    let _in = request.enter();
    ages(1);
    test.advance(Duration::from_secs(10));
    ages(1);
    assert_eq!(ages::cache_info().misses, 2);
    request.advance(Duration::from_secs(10));
    ages(1);
    assert_eq!(ages::cache_info().misses, 3);
}

#[test]
fn what_a_scope_holds_goes_with_it() {
    #[memoize(scope = request)]
    fn held(n: u32) -> Arc<u32> {
        Arc::new(n)
    }
    #[memoize]
    fn kept(n: u32) -> Arc<u32> {
        Arc::new(n)
    }
    let test = testing::isolate();
    let request = Scope::new();
    let in_request = request.wrap(|| held(1))();
    let in_test = kept(1);
    assert_eq!((Arc::strong_count(&in_request), Arc::strong_count(&in_test)), (2, 2));
    drop(request);
    assert_eq!((Arc::strong_count(&in_request), Arc::strong_count(&in_test)), (1, 2));
    drop(test);
    assert_eq!(Arc::strong_count(&in_test), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_carry_their_scope_across_awaits_and_threads() {
    #[memoize(scope = request)]
    async fn slow(n: u32) -> u32 {
        tokio::task::yield_now().await;
        n
    }
    let requests: Vec<_> = (0..20)
        .map(|_| {
            let scope = Scope::new();
            let inner = scope.clone();
            tokio::spawn(scope.run(async move {
                let parts: Vec<_> = (0..10).map(|n| tokio::spawn(inner.run(slow(n % 3)))).collect();
                for part in parts {
                    part.await.unwrap();
                }
                tokio::task::yield_now().await;
                slow(0).await;
                slow::cache_info()
            }))
        })
        .collect();
    for request in requests {
        let info = request.await.unwrap();
        assert_eq!((info.loads, info.hits + info.misses + info.coalesced), (3, 11));
    }
    assert_eq!(slow(5).await + slow(5).await, 10, "and the tasks' thread is in none");
    assert_eq!(slow::cache_info().len, 0);
}

#[tokio::test]
async fn a_future_ends_in_its_scope() {
    struct AtTheEnd(Arc<std::sync::Mutex<Option<bool>>>);
    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            *self.0.lock().unwrap() = Some(user::contains("a"));
        }
    }
    let (scope, seen) = (Scope::new(), Arc::default());
    let end = AtTheEnd(Arc::clone(&seen));
    let mut task = Box::pin(scope.run(async move {
        let _end = end;
        user("a");
        std::future::pending::<()>().await;
    }));
    assert!(std::future::poll_fn(|cx| std::task::Poll::Ready(task.as_mut().poll(cx))).await.is_pending());
    drop(task);
    assert_eq!(*seen.lock().unwrap(), Some(true));
}

/// A load that several tasks drive is of the request that began it.
#[tokio::test]
async fn a_shared_load_stays_in_the_scope_of_its_leader() {
    #[memoize(scope = request)]
    fn whose(n: u32) -> u32 {
        n
    }
    #[memoize]
    async fn shared(n: u32) -> u32 {
        tokio::task::yield_now().await;
        whose(n)
    }
    let (first, second) = (Scope::new(), Scope::new());
    let mut leader = Box::pin(first.run(shared(1)));
    assert!(std::future::poll_fn(|cx| std::task::Poll::Ready(leader.as_mut().poll(cx))).await.is_pending());
    // The leader is not polled any more, so the other drives the load.
    assert_eq!(second.run(shared(1)).await, 1);
    assert_eq!((first.wrap(|| whose::contains(1))(), second.wrap(|| whose::contains(1))()), (true, false));
    drop(leader);
}

#[test]
fn a_reload_stays_in_its_request() {
    #[memoize(scope = request)]
    fn whose(n: u32) -> u32 {
        n
    }
    #[memoize(ttl = 10s, refresh_after = 5s)]
    fn stale(n: u32) -> u32 {
        whose(n)
    }
    let test = testing::isolate();
    let request = Scope::new();
    let _in = request.enter();
    stale(1);
    whose::clear();
    test.advance(Duration::from_secs(6));
    stale(1);
    test.settle();
    assert!(whose::contains(1));
    assert_eq!(stale::cache_info().loads, 2);
}
