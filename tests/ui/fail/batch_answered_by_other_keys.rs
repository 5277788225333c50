use cached_core::{memoize, updates};
use std::collections::HashMap;
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Sku(u32);
#[memoize(batch)]
pub fn products(skus: &[Sku]) -> HashMap<u32, String> {
    skus.iter().map(|s| (s.0, "x".to_string())).collect()
}
#[updates(products(id) = Some(result))]
pub fn save(id: Sku) -> String {
    "x".into()
}
fn main() {
    let one = products::load(Sku(1)).map(|p| p.len());
    products::insert(Sku(1), None);
    products::peek(Sku(1)).flatten();
    products::invalidate_if(|sku, p| sku.0 > 3 && p.as_ref().is_some_and(|p| p.len() > 1));
    products(&[Sku(1)]).get(&1).map(|s| s.len());
    products::clear();
    save(Sku(1));
}
