use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk<'a>(&'a str);

#[memoize]
impl<'a> Desk<'a> {
    #[memoize]
    fn price(&self, id: u32) -> u32 {
        id
    }
}

fn main() {}
