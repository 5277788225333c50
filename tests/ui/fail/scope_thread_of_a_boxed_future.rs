use std::future::Future;
use std::pin::Pin;

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize(scope = thread)]
    fn price(&self, id: u32) -> Pin<Box<dyn Future<Output = u64> + Send + '_>> {
        Box::pin(async move { u64::from(id) })
    }
}

fn main() {
    drop(Desk.price(1));
}
