//! A batch that is no free function.
use cached_core::memoize;

struct Shop;

#[memoize]
impl Shop {
    #[memoize(batch)]
    async fn prices(ids: &[u32]) -> Vec<u32> {
        ids.to_vec()
    }
}

fn main() {
    drop(Shop::prices(&[1]));
}
