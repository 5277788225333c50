use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk<T>(T);

#[memoize]
impl<T> Desk<T> {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

fn main() {}
