//! What cannot be part of a key is said of the argument, and not of the future that holds it too.
use std::rc::Rc;

use cached_core::memoize;

#[memoize(lazy)]
async fn by_argument(shared: Rc<u8>) -> u8 {
    *shared
}

#[memoize(lazy)]
async fn by_value(number: u8) -> Rc<u8> {
    Rc::new(number)
}

fn main() {
    drop(by_argument(Rc::new(1)));
    drop(by_value(1));
}
