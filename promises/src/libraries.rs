//! The libraries, each in the few words that the cases need.

use std::future::Future;
use std::pin::Pin;

use crate::body::{self, Failure, Fragile};

/// One library, as it is used where concurrent callers of a key are to share a load.
pub(crate) struct Library {
    pub(crate) name: &'static str,
    /// What is behind the words.
    pub(crate) setup: &'static str,
    pub(crate) get: fn(u64) -> u64,
    pub(crate) invalidate: fn(u64),
    pub(crate) try_get: fn(u64) -> Result<u64, Failure>,
    pub(crate) get_fragile: fn(u64) -> Fragile,
    pub(crate) get_async: fn(u64) -> Pin<Box<dyn Future<Output = u64> + Send>>,
}

pub(crate) static ALL: [Library; 4] = [ours::LIBRARY, moka::LIBRARY, quick_cache::LIBRARY, cached::LIBRARY];

mod ours {
    use super::{Failure, Fragile, Library, body};
    use cached_core::memoize;

    #[memoize]
    fn get(key: u64) -> u64 {
        body::run(key)
    }

    #[memoize]
    fn try_get(key: u64) -> Result<u64, Failure> {
        body::fail(key)
    }

    #[memoize]
    fn get_fragile(key: u64) -> Fragile {
        Fragile(key)
    }

    #[memoize]
    async fn get_async(key: u64) -> u64 {
        body::wait(key).await
    }

    pub(super) const LIBRARY: Library = Library {
        name: "ours",
        setup: "#[memoize]",
        get,
        invalidate: |key| _ = get::invalidate(key),
        try_get,
        get_fragile,
        get_async: |key| Box::pin(get_async(key)),
    };
}

mod moka {
    use std::sync::LazyLock;

    use super::{Fragile, Library, body};
    use moka::{future, sync};

    static GET: LazyLock<sync::Cache<u64, u64>> = LazyLock::new(|| sync::Cache::new(1_000));
    static FRAGILE: LazyLock<sync::Cache<u64, Fragile>> = LazyLock::new(|| sync::Cache::new(1_000));
    static ASYNC: LazyLock<future::Cache<u64, u64>> = LazyLock::new(|| future::Cache::new(1_000));

    pub(super) const LIBRARY: Library = Library {
        name: "moka",
        setup: "get_with, try_get_with",
        get: |key| GET.get_with(key, || body::run(key)),
        invalidate: |key| GET.invalidate(&key),
        try_get: |key| GET.try_get_with(key, || body::fail(key)).map_err(|failure| (*failure).clone()),
        get_fragile: |key| FRAGILE.get_with(key, || Fragile(key)),
        get_async: |key| Box::pin(ASYNC.get_with(key, body::wait(key))),
    };
}

mod quick_cache {
    use std::convert::Infallible;
    use std::sync::LazyLock;

    use super::{Failure, Fragile, Library, body};
    use quick_cache::sync::Cache;

    static GET: LazyLock<Cache<u64, u64>> = LazyLock::new(|| Cache::new(1_000));
    static FRAGILE: LazyLock<Cache<u64, Fragile>> = LazyLock::new(|| Cache::new(1_000));

    fn sure<T>(result: Result<T, Infallible>) -> T {
        result.unwrap_or_else(|never| match never {})
    }

    fn try_get(key: u64) -> Result<u64, Failure> {
        GET.get_or_insert_with(&key, || body::fail(key))
    }

    pub(super) const LIBRARY: Library = Library {
        name: "quick_cache",
        setup: "get_or_insert_with",
        get: |key| sure(GET.get_or_insert_with(&key, || Ok(body::run(key)))),
        invalidate: |key| _ = GET.remove(&key),
        try_get,
        get_fragile: |key| sure(FRAGILE.get_or_insert_with(&key, || Ok(Fragile(key)))),
        get_async: |key| {
            Box::pin(
                async move { sure(GET.get_or_insert_async(&key, async { Ok(body::wait(key).await) }).await) },
            )
        },
    };
}

mod cached {
    use super::{Failure, Fragile, Library, body};
    use cached::Cached as _;
    use cached::macros::cached;

    #[cached(sync_writes = "by_key")]
    fn get(key: u64) -> u64 {
        body::run(key)
    }

    #[cached(sync_writes = "by_key")]
    fn try_get(key: u64) -> Result<u64, Failure> {
        body::fail(key)
    }

    #[cached(sync_writes = "by_key")]
    fn get_fragile(key: u64) -> Fragile {
        Fragile(key)
    }

    #[cached(sync_writes = "by_key")]
    async fn get_async(key: u64) -> u64 {
        body::wait(key).await
    }

    pub(super) const LIBRARY: Library = Library {
        name: "cached",
        setup: "#[cached(sync_writes = \"by_key\")]",
        get,
        invalidate: |key| _ = GET.write().cache_remove(&key),
        try_get,
        get_fragile,
        get_async: |key| Box::pin(get_async(key)),
    };
}
