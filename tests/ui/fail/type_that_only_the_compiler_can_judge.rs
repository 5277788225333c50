//! Types whose arguments lack what only the compiler can say that they lack: once for each mistake, whatever the function is and
//! whoever calls its verbs.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Query;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Text<T: Into<String>>(T);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Number<T: TryInto<u8>>(T);

trait Shown {}

impl<T: std::fmt::Display> Shown for T {}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Card<T: Shown>(T);

#[memoize(max = 10)]
fn length(of: Text<Query>) -> usize {
    1
}

#[memoize(max = 10)]
fn all(of: &[Number<Query>]) -> u8 {
    2
}

#[memoize(lazy)]
fn card(id: u32) -> Card<Query> {
    todo!()
}

struct Desk;

#[memoize]
impl Desk {
    #[memoize(skip(self))]
    fn find(&self, id: Option<Text<Option<u8>>>) -> u32 {
        3
    }
}

fn main() {
    length::clear();
    card::clear();
    println!("{}", all::cache_info());
    Desk::find_cache().clear();
}
