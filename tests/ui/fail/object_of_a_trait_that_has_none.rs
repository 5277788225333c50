//! `dyn Trait` of a trait of which there can be no object: the compiler says so of the head, and nobody of what goes beside it.

use std::sync::Arc;

use cached_core::memoize;

trait Made {
    fn made() -> Self;
}

trait Numbered {
    const NUMBER: u32;
}

trait Twice: Clone {}

#[memoize]
fn made(id: u32) -> Arc<dyn Made> {
    todo!()
}

#[memoize(skip(of))]
fn numbered(id: u32, of: &dyn Numbered) -> u32 {
    1
}

#[memoize]
fn twice(id: u32) -> Option<Box<dyn Twice + Send>> {
    todo!()
}

struct Desk;

impl Desk {
    #[memoize(skip(self))]
    fn cloned(&self, id: u32) -> Arc<dyn Clone> {
        todo!()
    }
}

fn main() {}
