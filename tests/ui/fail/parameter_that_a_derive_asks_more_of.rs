use std::marker::PhantomData;

use cached_core::{invalidates, memoize};

#[derive(Clone, PartialEq, Eq, Hash)]
struct Store<E> {
    url: String,
    of: PhantomData<E>,
}

#[memoize]
impl<E: Clone + Send + Sync + 'static> Store<E> {
    #[memoize(ttl = 1m)]
    fn all(&self) -> Vec<E> {
        Vec::new()
    }

    #[invalidates(Self::all)]
    fn put(&self, entity: E) {
        drop(entity);
    }
}

fn main() {
    let store = Store::<u8> { url: String::new(), of: PhantomData };
    store.put(1);
    store.all();
    Store::<u8>::all_cache().clear();
}
