//! A guide in six chapters, for whoever puts a cache into a program and has to live with it.
//!
//! 1. [Choosing a key](key): what makes two calls the same.
//! 2. [Choosing a bound](bound): how much to keep, and who leaves.
//! 3. [Freshness](freshness): how old an answer may be, and what is promised about that.
//! 4. [Invalidation](invalidation): telling a cache what has changed.
//! 5. [Testing](testing): tests that neither share caches nor sleep.
//! 6. [What a cache costs](cost): when not to have one.
//!
//! The example `shop` of the repository goes through most of it on a database, step by step: `cargo run --release --bin shop`.

#[doc = include_str!("bound.md")]
pub mod bound {}
#[doc = include_str!("cost.md")]
pub mod cost {}
#[doc = include_str!("freshness.md")]
pub mod freshness {}
#[doc = include_str!("invalidation.md")]
pub mod invalidation {}
#[doc = include_str!("key.md")]
pub mod key {}
#[doc = include_str!("testing.md")]
pub mod testing {}
