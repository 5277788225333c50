//! What calls an asynchronous memoized function can be spawned, whatever that returns: where a value or an error held a borrow that is
//! `'static`, or an object of a trait, the compiler could not see that.
#![allow(dead_code)]
use cached_core::{Cache, Memo, invalidates, memoize, updates};
use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Rates = Arc<dyn Fn(&str) -> f64 + Send + Sync>;

fn spawn<F: Future<Output: Send + 'static> + Send + 'static>(_: F) {}
async fn other() {}

#[memoize]
async fn name(id: u32) -> &'static str {
    other().await;
    if id == 0 { "nobody" } else { "ada" }
}

#[memoize(ttl = 60s, stale_if_error = 60s)]
async fn fetched(url: String, page: &u32) -> Result<String, BoxError> {
    other().await;
    Ok(format!("{url}{page}"))
}

#[memoize(errors = 5s)]
async fn known(id: u32) -> Result<Cow<'static, str>, &'static str> {
    other().await;
    if id == 0 { Err("none") } else { Ok("ada".into()) }
}

#[memoize(max = 10)]
async fn rates<T: Clone + std::hash::Hash + Eq + Send + Sync + 'static>(
    of: T,
    names: &'static [&'static str],
) -> Option<Rates> {
    other().await;
    let _ = (of, names);
    None
}

#[memoize(lazy)]
async fn title(id: u32) -> &'static str {
    other().await;
    let _ = id;
    "dr"
}

#[memoize(batch)]
async fn names(ids: &[u32]) -> Vec<&'static str> {
    other().await;
    ids.iter().map(|_| "ada").collect()
}

#[memoize(batch, skip(db))]
async fn all(db: &Desk, ids: &[u32]) -> Result<HashMap<u32, &'static str>, BoxError> {
    other().await;
    let _ = db;
    Ok(ids.iter().map(|&id| (id, "ada")).collect())
}

struct Desk {
    pages: Memo<u32, Cow<'static, str>>,
}

#[memoize]
impl Desk {
    #[memoize(in = self.pages)]
    async fn page(&self, id: u32) -> Result<Cow<'static, str>, BoxError> {
        other().await;
        Ok(Cow::Owned(id.to_string()))
    }

    #[memoize]
    async fn of(town: &str) -> Option<&'static str> {
        other().await;
        (town != "").then_some("desk")
    }
}

impl Desk {
    #[memoize(skip(self))]
    async fn alone(&self, id: u32) -> Result<u32, BoxError> {
        other().await;
        Ok(id)
    }
}

#[invalidates(name(id))]
async fn rename(id: u32) -> Result<(), BoxError> {
    other().await;
    let _ = id;
    Ok(())
}

#[updates(name(id) = result)]
async fn give(id: u32) -> &'static str {
    other().await;
    let _ = id;
    "eve"
}

static CACHE: std::sync::LazyLock<Cache<u32, &'static str>> = std::sync::LazyLock::new(Cache::default);

fn main() {
    spawn(async { name(1).await });
    spawn(name(1));
    spawn(name::refresh(1));
    spawn(name::uncached(1));
    spawn(name::warm([1, 2]));
    spawn(async { fetched("a".to_owned(), &1).await.is_ok() });
    spawn(known(1));
    spawn(async { rates(1_u8, &["a"]).await.is_some() });
    spawn(async { title(1).force().await });
    spawn(async { (names(&[1]).await, names::load(2).await, names::refresh(2).await) });
    spawn(names::warm([1]));
    spawn(async {
        let desk = Desk { pages: Memo::new() };
        let _ = (all(&desk, &[1]).await.is_ok(), all::load(&desk, 1).await.is_ok());
        let _ = (desk.page(1).await.is_ok(), desk.alone(1).await.is_ok(), Desk::of("a").await);
    });
    spawn(async { rename(1).await.is_ok() });
    spawn(give(1));
    spawn(async { CACHE.get_or_load_async(1, || async { "a" }).await });
    spawn(async {
        CACHE.try_get_or_load_async(1, || async { Err::<_, BoxError>("a".into()) }).await.is_ok()
    });
    spawn(async { CACHE.try_refresh_async(1, || async { Ok::<_, BoxError>("a") }).await.is_ok() });
    let _boxed: std::pin::Pin<Box<dyn Future<Output = &'static str> + Send>> = Box::pin(name(1));
}
