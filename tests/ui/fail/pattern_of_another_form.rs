//! Patterns that are none of their argument's type, or not of all its values, and that an option speaks of.
use cached_core::memoize;

struct Point {
    x: u32,
    y: u32,
}

struct Size(u32);

enum Shape {
    Round(u32),
    Square(u32),
}

#[memoize(key = a)]
fn reference(&a: u32) -> u32 {
    a
}

#[memoize(key = a.len())]
fn moves(&(a, b): &(String, u32)) -> u32 {
    b
}

#[memoize(tags = ["a:{a}"])]
fn too_many((a, b): (u32, u32, u32)) -> u32 {
    a + b
}

#[memoize(key = a)]
fn twice((a, a): (u32, u32)) -> u32 {
    a
}

#[memoize(key = x)]
fn misses(Point { x }: Point) -> u32 {
    x
}

#[memoize(key = x)]
fn unknown(Point { x, z, .. }: &Point) -> u32 {
    *x
}

#[memoize(key = of)]
fn other(Size(of): Point) -> u32 {
    of
}

#[memoize(key = of)]
fn one_of(Shape::Round(of): Shape) -> u32 {
    of
}

#[memoize(key = first)]
fn list([first, second]: &[u32]) -> u32 {
    *first
}

#[memoize(key = id)]
fn failed(Ok(id): Result<u32, String>) -> u32 {
    id
}

struct Desk;

impl Desk {
    #[memoize(key = (self.rate(), id))]
    fn price(&self, (id, name): &(u32, String, u8)) -> u32 {
        *id
    }

    fn rate(&self) -> u32 {
        1
    }
}

fn main() {
    reference::clear();
    too_many::clear();
    other::clear();
}
