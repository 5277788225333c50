use cached_core::memoize;

#[memoize]
struct Price(u32);

#[memoize]
mod prices {}

fn main() {
    Price(1).0;
}
