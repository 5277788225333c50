//! A function whose value is reloaded by others, with an argument that is no key.
use cached_core::memoize;

struct Query;

#[memoize(ttl = 60s, refresh_after = 30s, soft_timeout = 10ms)]
fn price(query: &Query, id: u32) -> u32 {
    let _ = query;
    id
}

fn main() {}
