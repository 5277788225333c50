use cached_core::{invalidates, memoize};

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk(u32);

#[memoize]
fn rate(id: u32) -> u32 {
    id
}

impl Desk {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        self.0 + id
    }

    #[invalidates(rate::cache().clear())]
    fn renew(&self) {}

    #[invalidates(Self::price_cache().clear())]
    fn forget(&self) {}

    #[invalidates(self.cost(id))]
    fn change(&self, id: u32) {
        let _ = id;
    }
}

fn main() {
    let desk = Desk(1);
    desk.renew();
    desk.forget();
    desk.change(desk.price(rate(1)));
}
