use cached_core::memoize;

#[memoize(max = 10, policy = lrw)]
fn price(id: u32) -> u32 {
    id
}

#[memoize(max = 10, policy = "lru")]
fn quoted(id: u32) -> u32 {
    id
}

fn main() {
    price(quoted(1));
}
