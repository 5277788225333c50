//! A receiver that cannot be part of the key.
use cached_core::memoize;

struct Desk(f64);

impl Desk {
    #[memoize]
    pub fn price(&self, id: u32) -> f64 {
        self.0 * f64::from(id)
    }
}

fn main() {
    Desk(1.0).price(1);
}
