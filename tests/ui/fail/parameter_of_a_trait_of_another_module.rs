//! What a trait asks for can be read also where it is declared elsewhere in the crate, and so can what is missing.
use cached_core::memoize;

mod units {
    pub trait Metric: super::Unit {}
    pub trait Length {
        type Out;
    }
}
pub trait Unit: Send + Sync + 'static {}

#[memoize]
async fn sum<T: units::Metric>(items: &[T]) -> usize {
    items.len()
}

pub trait Shop: Clone + Eq + std::hash::Hash + Send + Sync + 'static {
    #[memoize]
    async fn measured<T: units::Length>(&self, of: T::Out) -> u32 {
        1
    }
}

trait Price {
    fn price<T: units::Length>(&self, of: Option<&T>) -> u32;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Price for Desk {
    #[memoize(companion = none)]
    fn price<T: units::Length>(&self, of: Option<&T>) -> u32 {
        1
    }
}

fn main() {}
