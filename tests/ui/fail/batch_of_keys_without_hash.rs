//! The keys of a batch are also those of what it returns: they are told of once.

use std::collections::HashMap;

use cached_core::memoize;

#[derive(Clone, Copy, PartialEq)]
struct Point {
    x: f64,
}

struct Node;

#[memoize(batch)]
fn distances(points: &[Point]) -> HashMap<Point, f64> {
    todo!()
}

#[memoize(batch)]
fn others(nodes: &[Node]) -> Vec<Node> {
    todo!()
}

fn main() {
    let _ = distances::load(Point { x: 1.0 });
    others::invalidate(Node);
}
