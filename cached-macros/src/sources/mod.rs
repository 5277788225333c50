//! What stands around an item in the source files of its crate, and what names in it mean. For errors alone: code that is right
//! expands to the same without any of it.

pub(crate) mod around;
pub(crate) mod implementors;
pub(crate) mod imports;
pub(crate) mod module;
pub(crate) mod outside;
