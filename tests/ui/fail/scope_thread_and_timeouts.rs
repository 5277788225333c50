use std::rc::Rc;

use cached_core::memoize;

#[memoize(scope = thread, ttl = 60s, stale_if_error = 60s, soft_timeout = 1s)]
fn double(n: Rc<u64>) -> u64 {
    *n * 2
}

#[memoize(scope = thread, load_timeout = 1s)]
async fn triple(n: Rc<u64>) -> u64 {
    *n * 3
}

fn main() {
    double(Rc::new(2));
    drop(triple(Rc::new(2)));
}
