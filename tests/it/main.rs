//! The specification: what a memoized function does, one file a chapter.

use cached_core as _;

mod arguments;
mod asynchronous;
mod batch;
mod batch_async;
mod batch_ends;
mod batch_model;
mod bound;
mod companion;
mod concurrency;
mod direct;
mod ends;
mod expiry;
mod failure;
mod freshness;
mod generics;
mod isolation;
mod keys;
mod lazy;
mod lazy_ends;
mod lazy_methods;
mod methods;
mod model;
mod options;
mod policy;
mod recursion;
mod registry;
mod request;
mod shapes;
mod staged;
mod storms;
mod user_code;
mod weights;
mod wishes;
mod write_behind;
mod write_behind_kill;
