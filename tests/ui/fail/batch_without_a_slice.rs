use cached_core::memoize;

#[memoize(batch)]
fn products(id: u32) -> Vec<u32> {
    vec![id]
}

fn main() {
    products(1);
}
