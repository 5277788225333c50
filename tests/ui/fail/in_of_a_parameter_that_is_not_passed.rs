use cached_core::{Memo, memoize};

struct Desk {
    names: Memo<u32, String>,
}

impl Desk {
    #[memoize(in = self.names)]
    fn name<T: 'static>(&self, id: u32) -> String {
        format!("{} {id}", std::any::type_name::<T>())
    }
}

fn main() {
    let desk = Desk { names: Memo::new() };
    desk.name::<u8>(1);
}
