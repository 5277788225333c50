use cached_core::memoize;

struct Product;

#[memoize(batch)]
fn products(ids: &[u32]) -> Vec<Product> {
    ids.iter().map(|_| Product).collect()
}

fn main() {
    products(&[1]);
}
