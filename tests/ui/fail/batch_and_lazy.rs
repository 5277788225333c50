use cached_core::memoize;

#[memoize(batch, lazy)]
fn products(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}

fn main() {
    products(&[1]);
}
