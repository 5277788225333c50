use std::rc::Rc;

use cached_core::memoize;

#[derive(Clone)]
struct Desk {
    folder: Rc<str>,
}

impl Desk {
    #[memoize(lazy, skip(self))]
    fn page(&self, number: u32) -> String {
        format!("{}/{number}", self.folder)
    }
}

fn main() {
    let desk = Desk { folder: "/".into() };
    desk.page(1).force();
}
