//! A block that another crate's type cannot have here.

use cached_core::memoize;
use tracing::Level;

impl Level {
    #[memoize]
    fn rank(&self, from: u8) -> u8 {
        from
    }
}

impl tracing::Span {
    #[memoize(skip(self))]
    async fn depth(&self, from: u8) -> u8 {
        from
    }
}

fn main() {}
