//! The engine: entries on shelves, the order in which they leave, the time at which they end.
//!
//! Nothing in here knows of functions, loads or callers. [`table`] is the face that the floors above see.

pub(crate) mod age;
pub(crate) mod entry;
mod events;
pub(crate) mod note;
pub(crate) mod order;
mod part;
#[cfg(any(test, fuzzing))]
pub(crate) mod program;
mod ranks;
mod raw;
mod relief;
mod removed;
pub(crate) mod returns;
mod room;
mod seek;
#[cfg_attr(cached_locks, path = "locked.rs")]
mod shelf;
mod slots;
pub(crate) mod stamp;
pub(crate) mod table;
#[cfg(test)]
mod tests;
