//! What the compiler has to work out is asked of the function, and of nothing that is made of it.
use cached_core::memoize;

#[memoize]
fn price(id: _) -> u64 {
    7
}

#[memoize]
async fn rates(id: u32) -> Vec<_> {
    vec![id]
}

fn main() {}
