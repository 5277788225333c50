use cached_core::memoize;

#[memoize(batch, max_batch = 0)]
fn products(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}

fn main() {
    products(&[1]);
}
