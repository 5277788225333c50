//! Closures that take for what is kept what the function returns.
use cached_core::memoize;

#[memoize(store_if = |price: &Result<u32, String>| price.is_ok())]
fn price(id: u32) -> Result<u32, String> {
    Ok(id)
}

#[memoize(max_weight = 1_000, weigher = |_, name: &Result<String, String>| 1)]
fn name(id: u32) -> Result<String, String> {
    Ok(id.to_string())
}

fn main() {
    price::clear();
}
