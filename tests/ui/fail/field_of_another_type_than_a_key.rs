//! A field that is no memo for what the key is made of, or for what is returned.
use cached_core::{Memo, memoize};

#[derive(Default)]
struct Desk {
    by_id: Memo<u32, u32>,
    by_name: Memo<String, u64>,
}

impl Desk {
    #[memoize(in = self.by_id, key = name.to_lowercase())]
    fn price(&self, name: &str) -> u32 {
        1
    }

    #[memoize(in = self.by_name, key = name.to_lowercase())]
    fn weight(&self, name: &str) -> u32 {
        2
    }
}

fn main() {
    Desk::default().price("a");
}
