//! Keys that are worked out, of all that a parameter may be.
#![deny(warnings)]
#![allow(dead_code)]
use cached_core::{Memo, memoize};
use std::borrow::Cow;
use std::fmt;
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Id(u32);
pub struct Query<'a> {
    text: &'a str,
    n: u32,
}
#[derive(Default)]
pub struct Desk {
    town: String,
    memo: Memo<(String, u32), u32>,
    memo2: Memo<u32, u32>,
}
impl fmt::Display for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.town)
    }
}
#[memoize(key = (query.text.to_owned(), query.n))]
fn a<'a>(query: &'a Query<'a>, other: &'a str) -> u32 {
    let _ = other;
    query.n
}
#[memoize(key = format!("{text}:{n}"))]
fn b(text: &str, n: u32) -> u32 {
    n + text.len() as u32
}
#[memoize(key = text.trim())]
fn c(text: String) -> usize {
    text.len()
}
#[memoize(key = (text.len(), text))]
fn c2(text: &str) -> usize {
    text.len()
}
#[memoize(key = (id.0, id))]
fn d(id: Id) -> u32 {
    id.0
}
#[memoize(key = r#type.len())]
fn e(r#type: &str) -> usize {
    r#type.len()
}
#[memoize(key = (x.to_bits(), y.to_bits()))]
fn f(x: f64, mut y: f64) -> u64 {
    y += 1.0;
    (x + y) as u64
}
#[memoize(key = cow.len(), max = 10)]
fn g(cow: Cow<'_, str>) -> usize {
    cow.len()
}
#[memoize(key = words.iter().map(|word| word.len()).sum::<usize>())]
fn h(words: &[&str]) -> usize {
    words.len()
}
#[memoize(key = db(1) as usize)]
fn i(db: fn(u32) -> u32) -> u32 {
    db(2)
}
#[memoize(key = n / 2, scope = thread)]
fn j(n: u32) -> std::rc::Rc<u32> {
    std::rc::Rc::new(n)
}
#[memoize(key = n / 2, companion = none)]
fn k(n: u32) -> u32 {
    n
}
#[memoize(key = n / 2, companion = Kay)]
fn kk(n: u32) -> u32 {
    n
}
#[memoize(key = (n / 2, t.clone()))]
fn l<T: Clone + Send + Sync + std::hash::Hash + Eq + 'static>(n: u32, t: T) -> u32 {
    let _ = t;
    n
}
#[memoize(key = n / 2, lazy)]
fn m(n: u32) -> u32 {
    n
}
#[memoize(key = text.len(), lazy)]
async fn n(text: &str) -> usize {
    text.len()
}
#[memoize(key = text.len(), ttl = 60s, refresh_after = 30s)]
async fn o(text: String) -> usize {
    text.len()
}
#[memoize(key = text.len())]
async fn oo(text: String, n: u32) -> Result<usize, String> {
    if n == 0 { Err(text) } else { Ok(text.len()) }
}
#[memoize(key = (a % 2, b), on_remove = |key: &_, value: &u32, why| { let _ = (key, value, why); })]
fn p(a: u32, b: u32) -> u32 {
    a + b
}
impl Desk {
    #[memoize(key = (self.town.len(), n))]
    fn a(&self, n: u32) -> u32 {
        n
    }
    #[memoize(key = (format!("{self}"), n))]
    fn b(&self, n: u32) -> u32 {
        n
    }
    #[memoize(key = (format!("{self} {}", self.town), n))]
    fn b2(&self, n: u32) -> u32 {
        n
    }
    #[memoize(in = self.memo, key = (text.to_lowercase(), n))]
    fn c(&self, text: &str, n: u32) -> u32 {
        n + text.len() as u32
    }
    #[memoize(in = self.memo2, key = self.town.len() as u32 + n)]
    fn d(&self, n: u32) -> u32 {
        n
    }
    #[memoize(key = self.town.as_str().len())]
    async fn e(&self, db: &str) -> usize {
        db.len()
    }
    fn norm(n: u32) -> u32 {
        n % 7
    }
}
struct Grid<T>(T);
#[memoize]
impl<T: Clone + Send + Sync + 'static> Grid<T> {
    #[memoize(key = n % 3)]
    fn a(n: u32) -> u32 {
        n
    }
    #[memoize(key = (n % 3, self.size()))]
    fn b(&self, n: u32) -> u32 {
        n
    }
    fn size(&self) -> usize {
        size_of::<T>()
    }
}
trait Shape {
    const SIDES: u32;
    fn area(&self, n: u32) -> u32;
    fn sides(n: u32) -> u32;
}
#[memoize]
impl Shape for Id {
    const SIDES: u32 = 4;
    #[memoize(key = (self.0 % 3, n, Self::SIDES))]
    fn area(&self, n: u32) -> u32 {
        n * self.0
    }
    #[memoize(key = n % Self::SIDES)]
    fn sides(n: u32) -> u32 {
        n
    }
}
#[memoize]
impl Id {
    #[memoize(key = self.0 % 3)]
    fn whole(self) -> u32 {
        self.0
    }
    #[memoize(key = (self.0 % 3, other.0))]
    fn both(&self, other: &Self) -> u32 {
        self.0 + other.0
    }
}
trait Named {
    #[memoize(key = (self.name().len(), n))]
    fn twice(&self, n: u32) -> u32
    where
        Self: 'static,
    {
        n * 2
    }
    fn name(&self) -> String;
}
mod inner {
    use super::Id;
    #[super::memoize(key = id.0 % 5)]
    pub(super) fn q(id: Id) -> u32 {
        id.0
    }
}
fn main() {
    assert_eq!(b("a", 3), 4);
    assert!(b::contains("a", 3));
    b::invalidate("a", 3);
    assert_eq!(b::peek("a", 3), None);
    b::insert("a", 3, 9);
    assert_eq!(b("a", 3), 9);
    assert_eq!(c(" x ".to_owned()), 3);
    assert!(c::contains("x".to_owned()));
    assert_eq!(d(Id(3)), 3);
    assert_eq!(inner::q(Id(7)), 7);
    assert_eq!(inner::q(Id(12)), 7);
    let desk = Desk { town: "ab".into(), ..Desk::default() };
    assert_eq!(desk.a(3), 3);
    desk.b(2);
    desk.b2(2);
    assert_eq!(desk.c("A", 1), 2);
    assert_eq!(desk.d(1), 1);
    assert_eq!(Id(4).area(2), 8);
    assert_eq!(Id(7).area(2), 8);
    assert_eq!(Id(4).whole(), 4);
    assert_eq!(Id(7).whole(), 4);
    assert_eq!(*j(4), 4);
    assert_eq!(k(4), 4);
    assert_eq!(kk(5), 5);
    assert_eq!(m(4).force(), 4);
    let q = Query { text: "x", n: 3 };
    assert_eq!(a(&q, "y"), 3);
    assert!(a::contains(&q, "z"));
}
