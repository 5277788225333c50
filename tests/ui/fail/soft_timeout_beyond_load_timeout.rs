use cached_core::memoize;

#[memoize(ttl = 60s, refresh_after = 30s, soft_timeout = 2s, load_timeout = 1s)]
async fn page(n: u64) -> Result<u64, String> {
    Ok(n)
}

fn main() {}
