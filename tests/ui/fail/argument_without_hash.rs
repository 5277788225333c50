use cached_core::memoize;

struct Pool;

#[memoize]
fn query(pool: Pool, id: u32) -> u32 {
    id
}

fn main() {
    query(Pool, 1);
    query::invalidate(Pool, 1);
}
