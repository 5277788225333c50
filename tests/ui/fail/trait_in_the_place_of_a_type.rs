//! A trait where a type was meant.
use cached_core::memoize;
use units::Metric;

mod units {
    pub trait Metric {}
}

#[memoize]
fn measured(of: Metric) -> u64 {
    7
}

#[memoize]
async fn applied(id: u32, to: &Fn(u32) -> u32) -> u32 {
    to(id)
}

fn main() {}
