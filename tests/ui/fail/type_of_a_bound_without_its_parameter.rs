use cached_core::memoize;
pub trait Entity: Clone + Send + Sync + 'static {
    type Id: Clone + Eq + std::hash::Hash + Send + Sync + 'static;
}
pub struct Repo<E>(std::marker::PhantomData<E>);
#[memoize]
impl<E: Entity> Repo<E> {
    #[memoize(skip(self))]
    pub fn load(&self, id: Id) -> Option<E> {
        None
    }
}
fn main() {}
