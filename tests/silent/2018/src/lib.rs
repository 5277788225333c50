//! Expansions of every kind in edition 2018, in a crate that takes nothing from anybody.
#![forbid(unsafe_code)]
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    unreachable_pub,
    unused
)]
#![deny(future_incompatible, nonstandard_style, rust_2018_idioms, let_underscore_drop)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, rustdoc::all)]

include!("../../shapes.rs");

#[cfg(test)]
mod tests {
    include!("../../uses.rs");
}
