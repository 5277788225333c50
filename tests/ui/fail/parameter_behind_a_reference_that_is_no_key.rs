//! The same behind a reference.
use cached_core::memoize;
use records::Record;

mod records {
    pub trait Record {}
}

#[memoize]
async fn price<T: Record + 'static>(id: u32, of: &T) -> u32 {
    let _ = of;
    id
}

fn main() {}
