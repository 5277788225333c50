//! The engine: entries in shards, the order in which they leave, the time at which they end.
//!
//! Nothing in here knows of functions, loads or callers. [`table`] is the face that the floors above see.

pub(crate) mod entry;
pub(crate) mod order;
pub(crate) mod policy;
mod shard;
mod slab;
pub(crate) mod table;
#[cfg(test)]
mod tests;
