use cached_core::{Memo, memoize};
#[derive(Default)]
struct E {
    c: Memo<u32, u32>,
}
impl E {
    #[memoize(in = self.c)]
    fn x(&self, x: u32) -> u32 {
        x + 1
    }
    #[memoize(in = self.c)]
    fn y(&self, x: u32) -> u32 {
        x + 2
    }
}
fn main() {}
