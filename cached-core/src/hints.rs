//! What an editor shows of the options of `#[memoize]`, and completes: expansions name these for it alone.
//! Written from the table in `cached-macros`: `UPDATE_SNAPSHOTS=1 cargo test -p cached-macros`.
#![allow(non_upper_case_globals, reason = "they are called as the options are")]

/// `max = 10_000`: most entries kept.
pub const max: () = ();

/// `max_weight = 64MiB`: most weight kept.
///
/// Needs `weigher`.
pub const max_weight: () = ();

/// `weigher = |key, value| value.len() as u64`: what an entry weighs.
///
/// Needs `max_weight`.
pub const weigher: () = ();

/// `ttl = 60s`: time to live since a value was stored.
pub const ttl: () = ();

/// `idle = 10m`: time to live since the last use.
pub const idle: () = ();

/// `jitter = 0.1`: the share by which times to live are shortened, by chance.
///
/// Needs `ttl`.
pub const jitter: () = ();

/// `refresh_after = 45s`: the age from which on a value is reloaded while it is served.
///
/// Excludes `batch`.
pub const refresh_after: () = ();

/// `stale_if_error = 10m`: how long past its time a value stands in for a load that fails.
///
/// Needs `ttl` or `idle`.
///
/// Excludes `batch`.
pub const stale_if_error: () = ();

/// `retry_after = 1s`: the time between tries to reload.
///
/// Needs `refresh_after` or `stale_if_error`.
pub const retry_after: () = ();

/// `soft_timeout = 100ms`: how long a caller waits for a reload before it takes the old value.
///
/// Needs `stale_if_error` or `refresh_after`.
///
/// Excludes `skip`, `key`, `in`, `batch`.
pub const soft_timeout: () = ();

/// `load_timeout = 2s`: how long a load of an `async fn` may take.
///
/// Excludes `batch`.
pub const load_timeout: () = ();

/// `errors = 5s`: how long an error is kept.
///
/// Excludes `batch`.
pub const errors: () = ();

/// `single_flight = false`: whether callers that miss a key at the same time share one load.
///
/// Excludes `batch`.
pub const single_flight: () = ();

/// `policy = lru`: who leaves when the cache is full.
///
/// Needs `max` or `max_weight`.
pub const policy: () = ();

/// `name = "prices"`: the name in reports.
pub const name: () = ();

/// `skip(pool, logger)`: parameters that are not part of the key.
///
/// Excludes `soft_timeout`, `key`.
pub const skip: () = ();

/// `key = (id, name.len())`: the key, instead of all parameters.
///
/// Excludes `skip`, `batch`, `soft_timeout`.
pub const key: () = ();

/// `store_if = |value| value.is_some()`: which values are kept.
pub const store_if: () = ();

/// `on_remove = |key, value, cause| log(key, cause)`: who is told of every removal.
pub const on_remove: () = ();

/// `scope = thread`: whose cache it is.
///
/// Excludes `in`.
pub const scope: () = ();

/// `tags = ["user:{id}", "users"]`: labels of an entry, to invalidate by.
pub const tags: () = ();

/// `in = self.prices`: the field that holds the instance's own cache.
///
/// Excludes `batch`, `soft_timeout`, `scope`.
pub const r#in: () = ();

/// `lazy`: the call returns a handle, and runs when that is forced.
///
/// Excludes `batch`.
pub const lazy: () = ();

/// `batch`: the body takes a slice of keys.
///
/// Excludes `refresh_after`, `stale_if_error`, `soft_timeout`, `load_timeout`, `errors`, `single_flight`, `key`, `in`, `lazy`.
pub const batch: () = ();

/// `max_batch = 100`: most keys in a run of the body.
///
/// Needs `batch`.
pub const max_batch: () = ();

/// `window = 1ms`: how long single loads of a batch wait for others.
///
/// Needs `batch`.
pub const window: () = ();

/// `companion = price_cache`: the name of the type that carries the verbs, or `none`.
pub const companion: () = ();
