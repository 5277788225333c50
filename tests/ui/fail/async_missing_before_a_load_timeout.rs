//! A body that awaits, with a `load_timeout`, is that of an `async fn`.
use cached_core::memoize;

#[memoize(load_timeout = 2s)]
fn price(id: u64) -> Result<u64, Late> {
    fetch(id).await
}

#[derive(Clone, Debug)]
struct Late;

impl From<cached_core::LoadTimeout> for Late {
    fn from(_: cached_core::LoadTimeout) -> Self {
        Self
    }
}

async fn fetch(id: u64) -> Result<u64, Late> {
    Ok(id)
}

async fn total() -> Result<u64, Late> {
    Ok(price(1).await? + price::uncached(2).await?)
}

fn main() {
    drop(total());
}
