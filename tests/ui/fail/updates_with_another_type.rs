use cached_core::{memoize, updates};

#[memoize]
fn price(id: u32) -> u32 {
    id
}

#[updates(price(id) = "dear")]
fn set(id: u32) -> u32 {
    id
}

fn main() {
    set(1);
}
