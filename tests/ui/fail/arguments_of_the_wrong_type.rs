use cached_core::memoize;

#[memoize]
fn price(id: u32, currency: &str) -> u32 {
    id + currency.len() as u32
}

fn main() {
    price(1, 2);
    price::invalidate("EUR", 1);
}
