//! A method of an `Arc<Self>` finds its cache in the instance, which its body takes along.
use cached_core::{Memo, memoize};
use std::rc::Rc;
use std::sync::Arc;

#[derive(Default)]
struct Desk {
    prices: Memo<u32, u32>,
    later: Memo<u32, u32>,
    names: Memo<String, usize>,
}

impl Desk {
    #[memoize(in = self.prices, ttl = 60s, refresh_after = 30s)]
    fn price(self: Arc<Self>, id: u32) -> u32 {
        id + u32::from(self.names.cache_info().hits > 1000)
    }

    #[memoize(in = self.later)]
    async fn later(self: Arc<Self>, id: u32) -> u32 {
        id
    }

    #[memoize(in = self.names, key = name.to_lowercase())]
    fn len(self: Rc<Self>, name: &str) -> usize {
        name.len()
    }
}

fn main() {
    let (one, other) = (Arc::new(Desk::default()), Arc::new(Desk::default()));
    assert_eq!(one.clone().price(1) + one.clone().price(1) + other.clone().price(1), 3);
    assert_eq!((one.prices.cache_info().hits, other.prices.cache_info().hits), (1, 0));
    drop(one.clone().later(1));
    assert_eq!(Arc::strong_count(&one), 1);
    let desk = Rc::new(Desk::default());
    assert_eq!(desk.clone().len("Ada") + desk.clone().len("ada"), 6);
    assert_eq!(desk.names.cache_info().hits, 1);
}
