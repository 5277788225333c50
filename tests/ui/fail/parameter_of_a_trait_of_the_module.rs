//! What a trait beside the function asks for can be read, and so can what is missing.
use cached_core::memoize;

trait Unit: Send + Sync + 'static {}
trait Metric: Unit {}

#[memoize]
async fn sum<T: Metric>(items: &[T]) -> usize {
    items.len()
}

fn main() {
    drop(sum::<u8>(&[]));
}

impl Unit for u8 {}
impl Metric for u8 {}
