//! One type that misses something is told of once, in whatever it is wrapped and whoever calls the verbs.

use cached_core::memoize;

struct Node;

#[derive(Clone, Copy, PartialEq)]
struct Point {
    x: f64,
}

#[memoize]
fn step(of: &Node) -> Node {
    Node
}

#[memoize]
fn two(first: Option<Point>, second: Vec<Point>) -> Result<Point, String> {
    todo!()
}

#[memoize]
fn named(id: u32) -> Node {
    Node
}

impl Point {
    #[memoize]
    fn distance(&self, other: &Point) -> f64 {
        1.0
    }
}

struct P;

struct Desk;

impl Desk {
    #[memoize(skip(self))]
    fn price(&self, of: &P, all: &[P]) -> u32 {
        1
    }
}

fn main() {
    step::insert(&Node, Node);
    named::cache().clear();
    named::insert(1, Node);
    two::invalidate(None, vec![]);
}
