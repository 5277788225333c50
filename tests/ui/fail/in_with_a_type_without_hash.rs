//! What is fit for no cache is told of once, and nobody of the field.

use cached_core::{Memo, memoize};

struct Node;

struct Edge;

struct Desk {
    nodes: Memo<u32, Node>,
    prices: Memo<Edge, u32>,
}

impl Desk {
    #[memoize(in = self.nodes)]
    fn node(&self, id: u32) -> Node {
        Node
    }

    #[memoize(in = self.prices)]
    fn price(&self, of: &Edge) -> u32 {
        1
    }
}

fn main() {}
