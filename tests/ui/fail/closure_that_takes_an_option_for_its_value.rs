//! What is kept is an `Option`, which is asked for what the value in it has; or what an `Ok` holds, which is asked as a `Result`.

use std::collections::HashMap;

use cached_core::memoize;

#[memoize(max_weight = 100, weigher = |_, name| name.len() as u64)]
fn name(id: u32) -> Option<String> {
    Some(id.to_string())
}

#[memoize(batch, store_if = |name| name.len() > 3)]
fn names(ids: &[u32]) -> HashMap<u32, String> {
    ids.iter().map(|id| (*id, id.to_string())).collect()
}

#[memoize(ttl = |_, age| if age.is_err() { std::time::Duration::ZERO } else { std::time::Duration::from_secs(60) })]
fn age(id: u32) -> Result<u32, String> {
    Ok(id)
}

fn main() {
    name(1);
    names(&[1]);
    let _ = age(1);
}
