use cached_core::{Memo, invalidates, memoize};
#[derive(Default)]
struct Desk {
    prices: Memo<u32, u32>,
    _x: u8,
}
impl Desk {
    #[memoize(in = self.prices)]
    fn price(&self, id: u32) -> u32 {
        id
    }
    #[invalidates(self.price)]
    fn reset(&self) {}
}
fn main() {
    Desk::default().reset();
    Desk::default().price(1);
}
