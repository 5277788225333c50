use cached_core::memoize;

#[memoize(batch)]
fn products(shop: &str, ids: &[u32]) -> Vec<u32> {
    let _ = shop;
    ids.to_vec()
}

fn main() {
    products("a", &[1]);
}
