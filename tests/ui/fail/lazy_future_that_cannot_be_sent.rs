use cached_core::memoize;
use std::rc::Rc;

#[memoize(lazy)]
async fn local(n: u32) -> u32 {
    let rc = Rc::new(n);
    std::future::ready(()).await;
    *rc
}

fn main() {
    drop(local(1));
}
