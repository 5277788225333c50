//! Another thread goes on with what is given up, so it has to be such that one can.

use std::rc::Rc;

use cached_core::memoize;

#[memoize(ttl = 60s, stale_if_error = 1h, soft_timeout = 1s)]
async fn price(id: u64) -> Result<u64, String> {
    let shared = Rc::new(id);
    std::future::ready(()).await;
    Ok(*shared)
}

fn main() {
    let _ = price(1);
}
