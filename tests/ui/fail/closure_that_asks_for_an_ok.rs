//! Of a result the closures of options see what an `Ok` holds.
use cached_core::memoize;

#[memoize(store_if = |value| value.is_ok())]
fn price(id: u32) -> Result<String, String> {
    Ok(id.to_string())
}

fn main() {
    price(1).unwrap();
}
