use cached_core::memoize;

#[memoize(max)]
fn price(id: u32) -> u32 {
    id
}

#[memoize(ttl =)]
fn other(id: u32) -> u32 {
    id
}

fn main() {
    price(other(1));
}
