//! Memoization for functions that are worth it.
#![warn(missing_docs)]

// Expansions name `::cached_core`, also in this crate's own tests and examples.
#[allow(unused_extern_crates, reason = "used where an attribute is")]
extern crate self as cached_core;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod clock;
mod context;
mod engine;
mod flight;
mod info;
mod key;
mod lazy;
mod memo;
mod options;
mod outcome;
pub mod registry;
mod scope;
mod site;
mod store;
mod sync;
pub mod testing;

#[cfg(feature = "macros")]
pub use cached_macros::memoize;
pub use info::{CacheInfo, PolicyKind};
pub use key::Float;
pub use lazy::Lazy;
pub use memo::Memo;
