//! A receiver that threads cannot share.
use cached_core::memoize;

use std::rc::Rc;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(Rc<u8>);

impl Desk {
    #[memoize]
    pub fn price(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    Desk(Rc::new(1)).price(1);
}
