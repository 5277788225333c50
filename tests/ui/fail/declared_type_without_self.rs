//! `Size` for the `Self::Size` of the block.
use cached_core::memoize;

trait Shape {
    type Size;
    type Scale;
    fn size(&self, scale: u32) -> Self::Size;
    fn scaled(&self, scale: Self::Scale) -> u64;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Circle(u32);

#[memoize]
impl Shape for Circle {
    type Size = u64;
    type Scale = u32;

    #[memoize]
    fn size(&self, scale: u32) -> Size {
        u64::from(self.0 * scale)
    }

    #[memoize]
    fn scaled(&self, scale: Scale) -> u64 {
        u64::from(self.0 * scale)
    }
}

fn main() {
    Circle(1).size(3);
    Circle(1).scaled(3);
}
