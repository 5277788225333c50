use cached_core::memoize;

#[memoize(key = (id, id.()))]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
}
