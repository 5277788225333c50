#[cached_core::memoize(batch, single_flight = false)]
fn prices(ids: &[u64]) -> Vec<u64> {
    ids.to_vec()
}

fn main() {}
