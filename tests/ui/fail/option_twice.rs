use cached_core::memoize;

#[memoize(max = 10, ttl = 5s, max = 20)]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
}
