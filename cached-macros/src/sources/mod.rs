//! What stands around an item in the source files of its crate, and what names in it mean. Code that is right means the same without
//! any of it, but that a method of a trait has no handle where its type is seen to be another crate's. Else it saves the compiler questions
//! whose answers are seen, and is there for errors.

mod answers;
pub(crate) mod around;
pub(crate) mod declared;
pub(crate) mod implementors;
pub(crate) mod imports;
mod manifest;
pub(crate) mod module;
pub(crate) mod outside;
pub(crate) mod plain;

/// What was found out before is asked for again, if a file has changed since. At the beginning of each call of a macro.
pub(crate) fn begin() {
    answers::check();
    module::begin();
}
