use cached_core::memoize;

#[memoize]
fn price(id: u32) -> u32 {
    id + "EUR"
}

fn main() {
    price(1);
}
