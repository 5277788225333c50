//! A batch whose skipped parameter is misspelt.
use cached_core::memoize;

struct Pool;

#[memoize(batch, skip(pol))]
fn prices(pool: &Pool, ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}

fn main() {
    prices(&Pool, &[1]);
}
