//! The attribute as a function over token streams: what it writes, and that it takes whatever it is given.

mod edits;
mod facts;
mod options;
mod snapshots;
mod soup;
