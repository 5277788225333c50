//! Methods that a trait of one's own gives to every type are not mistaken for what expansions ask.
use cached_core::memoize;
use std::hash::Hash;

trait Ext {
    fn kind(&self) {}
    fn key(&self) {}
    fn ref_key(&self) {}
    fn value(&self) {}
    fn debug(&self) {}
    fn own(&self) {}
    fn shared(&self) {}
    fn call(&self) {}
    fn clone(&self) {}
    fn hash(&self) {}
    fn borrow(&self) {}
}

impl<T: ?Sized> Ext for T {}

#[memoize]
fn generic<T: Copy + Eq + Hash + Send + Sync + 'static>(value: T, name: &str) -> (T, usize) {
    (value, name.len())
}

#[memoize(key = (id % 10, name.len()))]
fn keyed(id: u32, name: &str) -> u32 {
    let _ = name;
    id
}

#[derive(PartialEq, Eq, Hash)]
struct Desk(u32);

impl Clone for Desk {
    fn clone(&self) -> Self {
        Desk(self.0)
    }
}

impl Desk {
    #[memoize]
    fn generic<T: Copy + Eq + Hash + Send + Sync + 'static>(&self, value: &T) -> Option<T> {
        Some(*value)
    }
}

fn main() {
    for _ in 0..2 {
        assert_eq!(generic(1_u8, "a"), (1, 1));
        assert_eq!(keyed(11, "a"), 11);
        assert_eq!(Desk(1).generic(&2), Some(2));
    }
    assert_eq!(generic::cache_info::<u8>().hits, 1);
    assert_eq!(keyed::cache_info().hits, 1);
    assert_eq!(keyed(21, "b"), 11);
    ().kind();
    ().key();
    ().ref_key();
    ().value();
    ().debug();
    ().own();
    ().shared();
    ().call();
    Ext::clone(&());
    Ext::hash(&());
    ().borrow();
}
