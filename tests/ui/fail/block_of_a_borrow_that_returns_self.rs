use cached_core::memoize;

#[derive(Clone)]
struct Desk<'a>(&'a str);

#[memoize]
impl<'a> Desk<'a> {
    #[memoize]
    fn new(name: &'a str) -> Self {
        Desk(name)
    }
}

fn main() {}
