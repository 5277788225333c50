//! How many keys a run takes, as a number of another type.
use cached_core::memoize;

const LONGEST: u32 = 100;

#[memoize(batch, max_batch = LONGEST)]
fn prices(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}

fn main() {
    prices::load(1);
}
