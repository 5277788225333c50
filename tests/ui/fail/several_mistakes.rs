use cached_core::memoize;

#[memoize(mx = 1, idle = |a, b| 3, polcy = lru, skip(nobody))]
fn price(id: u32) -> u32 {
    id
}

fn main() {
    price(1);
    price::cache().clear();
    price::invalidate_if(|_, _| true);
}
