//! What breaks off is told at the option's name.
use cached_core::memoize;

#[memoize(max = 10, key = id +)]
fn price(id: u32) -> u64 {
    7
}

fn main() {
    price(1);
}
