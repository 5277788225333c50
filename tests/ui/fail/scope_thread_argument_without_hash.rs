use std::cell::Cell;

use cached_core::memoize;

#[memoize(scope = thread)]
fn double(n: Cell<u64>) -> u64 {
    n.get() * 2
}

fn main() {
    double(Cell::new(2));
}
