//! Types with bounds whose traits are implemented in all the ways there are: none of them is taken for one that lacks something.

use cached_core::memoize;
use std::borrow::Cow;
use std::collections::HashMap as Map;
pub trait Shape {
    fn area(&self) -> u32 {
        1
    }
}
impl Shape for String {}
impl<T: Shape> Shape for Vec<T> {}
impl<T: Shape + ?Sized> Shape for &T {}
impl Shape for (u8, u8) {}
impl<T> Shape for [T; 2] {}
macro_rules! shapes { ($($t:ty),*) => { $(impl Shape for $t {})* } }
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct V<T: Shape>(pub T);
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Own;
shapes!(u8, Own);
type Name = u16;
impl Shape for Name {}
#[memoize]
pub fn a(v: V<String>) -> u32 {
    v.0.area()
}
#[memoize]
pub fn b(v: V<Vec<String>>) -> u32 {
    v.0.area()
}
#[memoize]
pub fn c(v: V<u8>) -> u32 {
    v.0.area()
}
#[memoize]
pub fn d(v: V<Own>) -> u32 {
    v.0.area()
}
#[memoize]
pub fn e(v: V<u16>) -> u32 {
    v.0.area()
}
#[memoize]
pub fn f(v: V<Name>) -> u32 {
    v.0.area()
}
#[memoize]
pub fn g(v: V<(u8, u8)>) -> u32 {
    v.0.area()
}
#[memoize]
pub fn h(v: V<[u8; 2]>) -> u32 {
    v.0.area()
}
#[memoize]
pub fn i(v: V<&'static String>) -> u32 {
    v.0.area()
}
// Other traits: blanket, supertraits, where clauses.
pub trait Solid: Shape {}
impl<T: Shape> Solid for T {}
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct S<T>(pub T)
where
    T: Solid;
#[memoize]
pub fn j(v: S<String>) -> u32 {
    v.0.area()
}
#[memoize]
pub fn k<T: Shape + Clone + Eq + std::hash::Hash + Send + Sync + 'static>(v: S<T>) -> u32 {
    v.0.area()
}
#[memoize]
pub fn l<T: Solid + Clone + Eq + std::hash::Hash + Send + Sync + 'static>(v: V<T>) -> u32 {
    v.0.area()
}
#[memoize]
pub fn m<T>(v: V<T>) -> u32
where
    T: Shape + Clone + Eq + std::hash::Hash + Send + Sync + 'static,
{
    v.0.area()
}
// Own types with impls by hand.
pub struct Hand;
impl Clone for Hand {
    fn clone(&self) -> Self {
        Hand
    }
}
impl PartialEq for Hand {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Hand {}
impl std::hash::Hash for Hand {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}
impl Copy for Hand {}
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct W<T: Copy + Eq + std::hash::Hash>(pub T);
#[memoize]
pub fn n(v: W<Hand>) -> u32 {
    let _ = v;
    1
}
#[derive(Clone, PartialEq, Eq, Hash)]
#[cfg_attr(all(), derive(Copy))]
pub struct Cfg;
#[memoize]
pub fn o(v: W<Cfg>) -> u32 {
    let _ = v;
    1
}
macro_rules! copy { ($($t:ident)*) => { $(impl Copy for $t {})* } }
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Mac;
copy!(Mac);
#[memoize]
pub fn p(v: W<Mac>) -> u32 {
    let _ = v;
    1
}
macro_rules! made { ($($t:ident)*) => { $(#[derive(Clone, Copy, PartialEq, Eq, Hash)] pub struct $t;)* } }
made!(Made);
#[memoize]
pub fn q(v: W<Made>) -> u32 {
    let _ = v;
    1
}
fn inside() {
    impl Copy for InFn {}
    impl Shape for InFn {}
}
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct InFn;
#[memoize]
pub fn r(v: W<InFn>) -> u32 {
    let _ = v;
    inside();
    1
}
#[memoize]
pub fn s(v: V<InFn>) -> u32 {
    let _ = v;
    1
}
// Cow.
#[derive(PartialEq, Eq, Hash, Clone)]
pub struct C;
#[memoize]
pub fn t(v: Cow<'static, C>) -> u32 {
    let _ = v;
    1
}
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
#[memoize(skip(v))]
pub fn u(x: u8, v: &Cow<'static, Own2>) -> u32 {
    let _ = (x, v);
    1
}
// dyn.

pub trait Dyo {
    fn new() -> Self
    where
        Self: Sized;
    fn go(&self) -> u8;
    fn of(&self) -> Self::X
    where
        Self: Sized;
    type X: Clone;
    fn it(self: Box<Self>) -> u8;
}
pub trait Dyp {
    fn new() -> Self
    where
        Self: Sized;
    fn go(&self) -> u8;
    fn it(self: Box<Self>) -> u8;
    fn a<'a>(&'a self, x: &'a str) -> &'a str;
}
#[memoize(skip(v))]
pub fn w(x: u8, v: &dyn Dyo<X = u8>) -> u32 {
    let _ = (x, v);
    1
}
#[memoize(skip(v))]
pub fn x(x: u8, v: &(dyn Dyp + Send)) -> u32 {
    let _ = (x, v);
    1
}
#[memoize]
pub fn y(x: u8) -> std::sync::Arc<dyn Fn(u8) -> u8 + Send + Sync> {
    std::sync::Arc::new(move |y| x + y)
}
#[memoize]
pub fn z(x: u8) -> std::sync::Arc<dyn std::fmt::Debug + Send + Sync> {
    std::sync::Arc::new(x)
}
// Projections.
pub trait Out {
    type Out;
}
impl Out for u8 {
    type Out = u16;
}
#[memoize]
pub fn aa(x: <u8 as Out>::Out) -> <Vec<u8> as IntoIterator>::Item {
    x as u8
}
#[memoize]
pub fn ab(x: <std::vec::IntoIter<u8> as Iterator>::Item) -> u8 {
    x
}
#[memoize]
pub fn ac(x: <Map<u8, u8> as IntoIterator>::Item) -> u8 {
    x.0
}
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct It;
impl Iterator for It {
    type Item = u8;
    fn next(&mut self) -> Option<u8> {
        None
    }
}
#[memoize]
pub fn ad(x: <It as Iterator>::Item) -> u8 {
    x
}
#[memoize]
pub fn ae(x: fn(V<String>) -> W<u8>) -> u8 {
    let _ = x;
    1
}
type Alias = V<String>;
#[memoize]
pub fn af(x: Alias) -> u8 {
    let _ = x;
    1
}
mod deep {
    pub trait Far {}
    impl Far for u64 {}
    impl crate::Shape for u64 {}
    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct F<T: Far + super::Shape>(pub T);
}
use deep::F;
use deep::Far as Near;
impl Near for i64 {}
impl Shape for i64 {}
#[memoize]
pub fn ag(x: F<u64>) -> u8 {
    let _ = x;
    1
}
#[memoize]
pub fn ah(x: F<i64>) -> u8 {
    let _ = x;
    1
}
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Desk<T: Shape>(T);
impl<T: Shape + Clone + Eq + std::hash::Hash + Send + Sync + 'static> Desk<T> {
    #[memoize]
    pub fn alone(&self, v: V<T>) -> u32 {
        let _ = v;
        1
    }
}
#[memoize]
impl<T: Solid + Clone + Eq + std::hash::Hash + Send + Sync + 'static> Desk<T> {
    #[memoize]
    pub fn inb(&self, v: V<T>) -> u32 {
        let _ = v;
        1
    }
}
trait Compared: Send + Sync + PartialEq<u8> {}
#[memoize]
fn compared(id: u32) -> std::sync::Arc<dyn Compared> {
    todo!()
}

fn main() {}
