//! What is fit for no cache is told of once, and nobody of the field.

use cached_core::{Memo, memoize};

struct Node;

struct Desk {
    nodes: Memo<u32, Node>,
    prices: Memo<Node, u32>,
}

impl Desk {
    #[memoize(in = self.nodes)]
    fn node(&self, id: u32) -> Node {
        Node
    }

    #[memoize(in = self.prices)]
    fn price(&self, of: &Node) -> u32 {
        1
    }
}

fn main() {}
