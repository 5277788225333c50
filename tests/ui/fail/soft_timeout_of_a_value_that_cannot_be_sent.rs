//! An asynchronous function that waits for a reload, and returns what no other thread may have.
use std::rc::Rc;

use cached_core::memoize;

#[memoize(ttl = 60s, refresh_after = 30s, soft_timeout = 10ms)]
async fn price(id: u32) -> Rc<u32> {
    Rc::new(id)
}

fn main() {}
