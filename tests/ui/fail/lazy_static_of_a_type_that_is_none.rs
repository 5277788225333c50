//! Lazy statics whose type the compiler refuses.
use cached_core::memoize;

trait Source {}

#[derive(Clone)]
struct Page<Q>(Q);

#[derive(Clone)]
struct Line;

#[memoize(lazy)]
static FIRST: Page = todo!();

#[memoize(lazy)]
static ALL: Vec = todo!();

#[memoize(lazy)]
pub static OF: Source = todo!();

#[memoize(lazy)]
static LINE: Line<u8> = todo!();

#[memoize(lazy)]
static LOST: Pge<u8> = todo!();

fn main() {
    FIRST.force();
    ALL.force();
    LINE.force();
}
