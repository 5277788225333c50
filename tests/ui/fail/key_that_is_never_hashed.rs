use std::collections::HashMap;

use cached_core::memoize;

#[memoize]
fn total(year: u16, prices: &HashMap<String, u32>) -> u32 {
    u32::from(year) + prices.values().sum::<u32>()
}

#[memoize]
fn applied(to: u16, rule: Box<dyn Fn(u16) -> u16 + Send + Sync>) -> u16 {
    rule(to)
}

#[memoize]
fn found(year: u16, names: Option<&Names>) -> usize {
    usize::from(year) + names.map_or(0, |names| names.0.len())
}

struct Names(Vec<String>);

fn main() {
    total(2026, &HashMap::new());
    total::invalidate_if(|key, _| key.0 == 2026 && key.1.is_empty());
    applied(1, Box::new(|to| to));
    applied::invalidate_if(|key, _| key.0 == 1);
    found(1, None);
    found::invalidate_if(|key, _| key.0 == 1);
}
