//! A type that lacks a derive is held by one that derives the same: the compiler says so there, and no function once more.
use cached_core::memoize;

enum Currency {
    Euro,
    Franc,
}

#[derive(Clone)]
struct Price {
    currencies: Vec<Currency>,
    cents: u64,
}

#[memoize(max = 10)]
fn name(currency: &Currency) -> String {
    String::new()
}

#[memoize]
fn price(id: u64) -> Result<Price, String> {
    Ok(Price { currencies: vec![Currency::Euro], cents: id })
}

fn main() {
    name::clear();
    let _ = price(1).map(|price| price.cents);
}
