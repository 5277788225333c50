use cached_core::memoize;

#[memoize(ttl = 60s, retry_after = 1s)]
fn never_retried(n: u64) -> Result<u64, String> {
    Ok(n)
}

fn main() {
    let _ = never_retried(1);
}
