//! An attribute of a block that nobody has imported would have made another method of this one.

use cached_core::memoize;

trait Fetch {
    async fn fetch(&self, id: u32) -> u32;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

#[async_trait]
impl Fetch for Desk {
    #[memoize]
    async fn fetch(&self, id: u32) -> u32 {
        id
    }
}

fn main() {}
