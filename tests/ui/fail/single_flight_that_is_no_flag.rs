#[cached_core::memoize(single_flight = off)]
fn price(id: u64) -> u64 {
    id
}

#[cached_core::memoize(single_flight)]
fn rate(id: u64) -> u64 {
    id
}

fn main() {}
