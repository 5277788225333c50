//! Two parameters of one name are said once.
use cached_core::memoize;

#[memoize]
fn price(id: u32, id: u8) -> u64 {
    7
}

#[memoize]
async fn rate<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(id: T, id: u8) -> u64 {
    7
}

fn main() {}
