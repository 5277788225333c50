use cached_core::memoize;

struct Desk<T>(T);

impl<T: Clone + Send + Sync + 'static> Desk<T> {
    #[memoize]
    fn price(&self, id: u32) -> T {
        self.0.clone()
    }
}

fn main() {}
