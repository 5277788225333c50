use cached_core::memoize;

#[memoize(ttl = 60s, soft_timeout = 100ms)]
fn page(n: u64) -> Result<u64, String> {
    Ok(n)
}

fn main() {}
