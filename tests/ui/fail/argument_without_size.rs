use std::path::Path;

use cached_core::memoize;

#[memoize]
fn price(name: str) -> usize {
    name.len()
}

#[memoize]
fn read(path: Path) -> usize {
    path.as_os_str().len()
}

fn main() {
    price("a");
    price::clear();
}
