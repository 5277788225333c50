use cached_core::memoize;

#[memoize(max = -1, policy = lru)]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
    price::cache().clear();
    price::invalidate_if(|key, value| key == value);
}
