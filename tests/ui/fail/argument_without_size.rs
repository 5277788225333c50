use cached_core::memoize;

#[memoize]
fn price(name: str) -> usize {
    name.len()
}

fn main() {
    price("a");
    price::clear();
}
