//! What is given up goes on in a task of its own, and what it brings is sent from there.
use cached_core::memoize;

#[memoize(ttl = 60s, stale_if_error = 1h, soft_timeout = 1s)]
async fn price(id: u64) -> Result<u64, Box<dyn std::error::Error>> {
    Ok(id)
}

fn main() {
    let _ = price(1);
    let _ = price::refresh(1);
}
