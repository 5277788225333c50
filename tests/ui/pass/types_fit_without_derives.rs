//! Types that are fit for a cache without a derive that says so: nothing is taken for one that is not.

use cached_core::memoize;
#[derive(PartialEq, Eq, Hash)]
pub struct Own2;
#[derive(PartialEq, Eq, Hash, Clone)]
pub struct Owned2;
impl ToOwned for Own2 {
    type Owned = Owned2;
    fn to_owned(&self) -> Owned2 {
        Owned2
    }
}
impl std::borrow::Borrow<Own2> for Owned2 {
    fn borrow(&self) -> &Own2 {
        &Own2
    }
}
#[memoize]
pub fn u(v: &Own2) -> u32 {
    let _ = v;
    1
}
pub struct Hand(u8);
impl Clone for Hand {
    fn clone(&self) -> Self {
        Hand(self.0)
    }
}
impl PartialEq for Hand {
    fn eq(&self, o: &Self) -> bool {
        self.0 == o.0
    }
}
impl Eq for Hand {}
impl std::hash::Hash for Hand {
    fn hash<H: std::hash::Hasher>(&self, h: &mut H) {
        self.0.hash(h)
    }
}
#[memoize]
pub fn h(v: Hand, w: &Hand, x: Vec<Hand>) -> Hand {
    let _ = (w, x);
    v
}
pub struct P(u8);
impl Clone for P {
    fn clone(&self) -> Self {
        P(self.0)
    }
}
pub struct D;
impl D {
    #[memoize(skip(self))]
    pub fn f(&self, x: u8) -> Option<P> {
        Some(P(x))
    }
    #[memoize(skip(self, p))]
    pub fn g(&self, x: u8, p: &P) -> Vec<P> {
        vec![P(x), p.clone()]
    }
}
macro_rules! node { ($($n:ident)*) => { $(#[derive(Clone, PartialEq, Eq, Hash)] pub struct $n;)* } }
node!(A B);
#[memoize]
pub fn n(a: A, b: &B) -> (A, B) {
    (a, b.clone())
}
#[memoize(scope = thread)]
pub fn t(a: A) -> std::rc::Rc<D> {
    let _ = a;
    std::rc::Rc::new(D)
}
#[memoize]
pub fn arc(a: A) -> std::sync::Arc<D> {
    let _ = a;
    std::sync::Arc::new(D)
}
#[memoize]
pub fn oarc(a: A) -> Option<std::sync::Arc<D>> {
    let _ = a;
    None
}
mod other {
    pub struct Node;
    pub mod sub {
        impl Clone for super::Node {
            fn clone(&self) -> Self {
                super::Node
            }
        }
    }
}
#[memoize]
pub fn on(a: A) -> other::Node {
    let _ = a;
    other::Node
}
fn main() {
    u(&Own2);
    u(&Own2);
    assert_eq!(u::cache_info().hits, 1);
    on(A);
    on(A);
    assert_eq!(on::cache_info().hits, 1);
    D.f(1);
    D.f(1);
    assert_eq!(D::f_cache().cache_info().hits, 1);
}
