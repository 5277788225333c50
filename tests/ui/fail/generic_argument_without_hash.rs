use cached_core::memoize;

#[derive(Clone, PartialEq, Eq)]
struct Id<T>(T);

#[memoize]
fn price<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(id: Id<T>) -> T {
    id.0
}

fn main() {
    price(Id(1));
    price::uncached(Id(1));
    price::refresh(Id(1));
    if price::contains(Id(1)) && price::invalidate(Id(1)) {
        price::clear::<u8>();
    }
    println!("{}", price::cache_info::<u8>());
}
