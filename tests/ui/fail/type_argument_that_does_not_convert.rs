//! Methods alone and generic functions, about types whose arguments are to convert and do not.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Query;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Text<T: Into<String>>(T);

struct Desk;

impl Desk {
    #[memoize(skip(self))]
    fn find(&self, of: &Text<Query>) -> u32 {
        1
    }

    #[memoize(skip(self))]
    fn name(&self) -> Text<Option<u8>> {
        todo!()
    }
}

#[memoize]
fn length<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(of: Text<T>) -> u32 {
    1
}

#[memoize(skip(pool))]
fn skipped(pool: &Text<Query>, id: u32) -> u32 {
    id
}

fn main() {
    Desk::find_cache().clear();
    length::clear_all();
}
