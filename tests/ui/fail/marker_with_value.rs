use cached_core::memoize;

#[memoize(lazy = true)]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
}
