use cached_core::memoize;

#[memoize(batch, skip(shop))]
fn products(shop: String, ids: &[u32]) -> Vec<u32> {
    let _ = shop;
    ids.to_vec()
}

fn main() {
    products("a".to_owned(), &[1]);
}
