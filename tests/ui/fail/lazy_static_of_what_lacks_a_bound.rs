//! A lazy static of a type whose argument lacks what it is asked for.
use cached_core::memoize;

trait Entity {}

#[derive(Clone)]
struct Page<T: Entity>(T);

#[derive(Clone)]
struct Query;

#[memoize(lazy)]
static FIRST: Page<Query> = todo!();

fn main() {
    FIRST.force();
}
