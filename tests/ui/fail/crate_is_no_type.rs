use cached_core::memoize;

#[memoize(crate = Self)]
fn price(id: u32) -> u64 {
    u64::from(id)
}

fn main() {
    price(1);
}
