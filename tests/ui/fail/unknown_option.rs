use cached_core::memoize;

#[memoize(maks = 10)]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
    price::clear();
}
