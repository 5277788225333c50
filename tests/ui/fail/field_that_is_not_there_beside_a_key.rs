//! A field that a type does not have, where the key is worked out.
use cached_core::{Memo, memoize};

struct Desk {
    by_name: Memo<String, u32>,
}

impl Desk {
    #[memoize(in = self.by_nam, key = name.to_lowercase())]
    fn price(&self, name: &str) -> u32 {
        1
    }
}

fn main() {
    Desk { by_name: Memo::new() }.price("a");
}
