//! The same where each thread has a cache of its own.
use cached_core::memoize;
use records::Record;

mod records {
    pub trait Record {}
}

#[memoize(scope = thread)]
fn price<T: Record>(id: u32, of: T) -> u32 {
    let _ = of;
    id
}

fn main() {}
