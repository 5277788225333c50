use std::hash::Hash;

use cached_core::memoize;

#[memoize]
fn parsed<T: Hash + Eq + Clone + Send + Sync + 'static>(value: T) -> Result<u32> {
    let _ = value;
    todo!()
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

#[memoize]
impl Desk {
    #[memoize]
    fn number(&self) -> Result<u32> {
        todo!()
    }
}

fn main() {
    parsed(1_u8).unwrap();
    parsed::invalidate(1_u8);
    Desk.number().unwrap();
    Desk::number_cache().clear();
}
