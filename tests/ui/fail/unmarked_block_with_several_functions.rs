//! A block that misses its attribute is told of at its first function; what would stand beside them can be called.
use cached_core::{invalidates, memoize};

struct Desk;

impl Desk {
    #[memoize]
    fn rate(id: u32) -> u32 {
        id
    }

    #[memoize(ttl = 60s)]
    async fn fetch(id: u32) -> Option<u32> {
        Some(id)
    }
}

trait Shape {
    fn area(&self) -> u32;
    fn sides(&self) -> u32;
}

impl Shape for Desk {
    #[memoize(skip(self))]
    fn area(&self) -> u32 {
        1
    }

    #[memoize(skip(self))]
    fn sides(&self) -> u32 {
        4
    }
}

#[invalidates(Desk::rate)]
fn change() {}

fn main() {
    Desk::rate_cache().clear();
    Desk::rate_uncached(7);
    println!("{}", Desk::fetch_cache().cache_info());
    Desk::area_cache().clear();
    Desk.sides_warm([()]);
    change();
}
