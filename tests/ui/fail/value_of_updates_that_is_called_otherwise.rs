//! `value` for `result`, and the field of a memo for the method whose values it keeps.

use cached_core::{Memo, invalidates, memoize, updates};

#[memoize]
fn user(id: u64) -> String {
    id.to_string()
}

#[updates(user(id) = value)]
fn save(id: u64) -> String {
    id.to_string()
}

struct Desk {
    prices: Memo<u64, String>,
}

impl Desk {
    #[memoize(in = self.prices)]
    fn price(&self, id: u64) -> String {
        id.to_string()
    }

    #[invalidates(self.prices)]
    fn change(&self) {}
}

fn main() {
    user(1);
    save(1);
    let desk = Desk { prices: Memo::new() };
    desk.price(1);
    desk.change();
}
