//! The handle of a lazy method holds the object.

use cached_core::memoize;

struct Connection(u32);

impl Connection {
    #[memoize(lazy, skip(self))]
    fn query(&self, id: u32) -> u32 {
        id + self.0
    }
}

fn main() {
    println!("{}", Connection(1).query(1).force());
}
