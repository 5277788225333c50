use cached_core::memoize;

#[memoize]
fn price(mut id: u32) -> u32;

fn main() {
    price(1);
}
