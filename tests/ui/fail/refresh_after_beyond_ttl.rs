use cached_core::memoize;

#[memoize(ttl = 60s, refresh_after = 1m)]
fn never_refreshed(n: u64) -> u64 {
    n
}

fn main() {
    never_refreshed(1);
}
