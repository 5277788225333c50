//! What may be left out of the key, or kept by one thread, need not be fit for it.

use std::rc::Rc;

use cached_core::memoize;

struct Pool;

#[memoize(skp(pool))]
fn first(id: u32, pool: &Pool) -> u32 {
    id
}

#[memoize(kye = id)]
fn second(id: u32, pool: &Pool) -> u32 {
    id
}

#[memoize(scop = thread)]
fn third(id: u32) -> Rc<u32> {
    id.into()
}

#[memoize(scope = "thread")]
fn fourth(id: u32) -> Rc<u32> {
    id.into()
}

#[memoize(ignore(value))]
fn fifth<T: Clone>(id: u32, value: &T) -> u32 {
    id
}

struct Desk;

impl Desk {
    #[memoize(skips(self), max = 3)]
    fn sixth(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    second::clear();
    Desk::sixth_cache().clear();
}
