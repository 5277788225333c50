//! Types that are not found are the compiler's to tell of, each once, wherever they stand and whatever goes beside them.
use cached_core::memoize;

#[memoize]
fn by_value(order: Order) -> u32 {
    1
}

#[memoize]
fn in_a_result(id: u32) -> Result<u32, Fault> {
    Ok(id)
}

#[memoize(batch)]
async fn of_many(ids: &[u32]) -> Vec<Article> {
    Vec::new()
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize]
    fn price(&self, item: Item) -> Tariff {
        unreachable!()
    }
}

#[memoize]
impl Desk {
    #[memoize]
    fn rate(from: &Currency) -> Option<Rate> {
        None
    }
}

fn main() {
    by_value::clear();
    in_a_result::invalidate(1);
}
