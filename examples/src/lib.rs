//! What programs and tests share.

pub mod shop;
