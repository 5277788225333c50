//! A key is looked up by what it is kept as.
use cached_core::memoize;

#[memoize]
fn distance(x: f64, y: f64) -> f64 {
    x.hypot(y)
}

fn main() {
    distance(3.0, 4.0);
    distance::cache().peek(&(3.0, 4.0));
}
