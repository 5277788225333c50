//! Keys that are worked out of what is lent for a lifetime with a name, or stands in a text; beside a trait whose methods are called as the verbs are.
#![deny(warnings)]
#![allow(dead_code)]
use cached_core::{Memo, memoize};
#[memoize(key = t.len())]
fn a<'a>(t: &'a str) -> usize {
    t.len()
}
#[memoize(key = t.len())]
async fn b<'a>(t: &'a str) -> usize {
    t.len()
}
#[memoize(key = (if t.len() > 1 { t } else { u }, s.len()))]
fn c<'a>(t: &'a str, u: &'a str, s: String) -> usize {
    t.len() + u.len() + s.len()
}
#[memoize(key = t.len() as u64)]
fn c2<'a>(t: &'a [u8]) -> usize {
    t.len()
}
#[derive(Default)]
struct X(u32, Memo<(u32, usize), usize>);
impl X {
    #[memoize(key = (self.0, t.len()))]
    fn f<'a>(&self, t: &'a str) -> usize {
        t.len()
    }
    #[memoize(key = (self.0, t.len()))]
    fn g<'a>(&'a self, t: &'a str) -> usize {
        t.len()
    }
    #[memoize(key = (self.0, t.len()))]
    async fn h<'a>(&'a self, t: &'a str) -> usize {
        t.len()
    }
    #[memoize(in = self.1, key = (self.0, t.len()))]
    fn i<'a>(&'a self, t: &'a str) -> usize {
        t.len()
    }
}
#[memoize]
impl X {
    #[memoize(key = (self.0, t.len()))]
    fn j<'a>(&'a self, t: &'a str) -> usize {
        t.len()
    }
    #[memoize(in = self.1, key = (self.0, t.len()))]
    fn k<'a>(&'a self, t: &'a str) -> usize {
        t.len()
    }
    #[memoize(key = format!("{:>w$}", self.0))]
    fn l(&self, w: usize) -> usize {
        w
    }
}
trait Tr {
    fn m<'a>(&self, t: &'a str) -> usize;
}
#[memoize]
impl Tr for X {
    #[memoize(key = (self.0, t.len()))]
    fn m<'a>(&self, t: &'a str) -> usize {
        t.len()
    }
}
macro_rules! made { ($l:lifetime) => { #[memoize(key = (t.len(), s.len()))] fn made<$l>(t: &$l str, s: String) -> usize { t.len() + s.len() } } }
made!('x);
#[memoize(key = format!("{k:>w$}"))]
fn d(k: u32, w: usize) -> u32 {
    k + w as u32
}
#[memoize(key = (w, format!("{n:>w$.p$} {:>q$}", 1)))]
async fn e(n: f64, w: usize, p: usize, q: usize) -> u32 {
    n as u32 + (w + p + q) as u32
}
#[memoize(key = format!("{m:type$}"))]
fn f(m: u32, r#type: usize) -> u32 {
    m + r#type as u32
}
#[memoize(key = (s.len(), format!("{m:type$}")))]
fn f2(m: u32, r#type: usize, s: String) -> u32 {
    m + r#type as u32 + s.len() as u32
}
pub trait In: Sized {
    fn contains(self) -> bool {
        true
    }
    fn invalidate(self) -> bool {
        true
    }
    fn call<R>(self, f: impl FnOnce() -> R) -> R {
        f()
    }
    fn insert<V>(self, _: V) {}
    fn peek(self) {}
    fn own(self) {}
}
impl<T> In for T {}
#[memoize(key = k / 2)]
fn g(k: u32) -> u32 {
    k
}
#[memoize(key = k.len() / 2)]
fn g2(k: String) -> usize {
    k.len()
}
#[memoize(key = v.iter().map(|s| s.trim()).collect::<Vec<_>>().join(""))]
fn g3(v: Vec<String>) -> usize {
    v.len()
}
#[memoize(key = s.trim().to_lowercase().as_str().len())]
fn g4(s: String) -> usize {
    s.len()
}
#[memoize(key = s.trim().to_lowercase().as_str())]
fn g5(s: String) -> usize {
    s.len()
}
fn main() {
    assert_eq!(a("xy"), 2);
    assert_eq!(c("xy", "z", "s".into()), 4);
    assert!(a::contains("zz"));
    assert_eq!(d(1, 3), 4);
    assert_eq!(d(1, 4), 5);
    assert_eq!(f(1, 3), 4);
    assert_eq!(f(1, 4), 5);
    assert_eq!(a::warm(["abc".to_owned()]), 1);
    assert_eq!(c::warm([("a".to_owned(), "b".to_owned(), "c".to_owned())]), 1);
    assert_eq!(g(4), 4);
    assert_eq!(g(5), 4);
    assert_eq!(g2("abc".into()), 3);
    assert_eq!(g5(" A".into()), 2);
    assert_eq!(g5("a".into()), 2);
    let x = X::default();
    assert_eq!(x.f("a"), 1);
    assert_eq!(x.k("b"), 1);
    assert_eq!(x.m("bc"), 2);
    assert_eq!(x.l(2), 2);
    assert_eq!(x.l(3), 3);
}
