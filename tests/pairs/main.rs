//! Each pair of the options that speak of time, of failure or of what is kept: one line of script for each, run for a function
//! and for an asynchronous one, by a clock that is moved by hand.
//!
//! How tasks are spawned is said once for a process, so this is one.

mod script;
mod table;
mod triples;
