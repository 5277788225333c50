use cached_core::memoize;

#[memoize(ttl = 60s, stale_if_error = 10m)]
fn plain(n: u64) -> Option<u64> {
    Some(n)
}

type Page = (String, u64);

#[memoize(ttl = 60s, stale_if_error = 10m)]
async fn aliased(n: u64) -> Page {
    (String::new(), n)
}

fn main() {}
