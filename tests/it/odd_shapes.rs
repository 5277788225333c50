//! Functions as hardly anybody writes them, and still as somebody does: a body runs once for one key, and for that key alone.
#![expect(
    clippy::borrowed_box,
    clippy::boxed_local,
    clippy::needless_arbitrary_self_type,
    reason = "they are odd on purpose"
)]

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;
use std::hint::black_box;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use cached_core::{memoize, testing};

use crate::odd_names::{own, shadows};

thread_local!(static RAN: RefCell<u32> = const { RefCell::new(0) });

fn run() {
    RAN.with(|ran| *ran.borrow_mut() += 1);
}

/// Two equal calls, and how often the body runs for both.
macro_rules! runs {
    ($($call:expr => $runs:literal),* $(,)?) => {{ $(
        RAN.set(0);
        let (first, second) = ($call, $call);
        assert_eq!(first, second, "{}", stringify!($call));
        assert_eq!(RAN.take(), $runs, "{}", stringify!($call));
    )* }};
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Desk(u32);

impl Desk {
    #[memoize]
    fn by_self_type(self: &Self, n: u32) -> u32 {
        run();
        self.0 + n
    }
    #[memoize]
    fn by_changed_value(mut self, n: u32) -> u32 {
        run();
        self.0 += n;
        self.0
    }
    #[memoize]
    fn by_arc(self: &Arc<Self>, n: u32) -> u32 {
        run();
        self.0 + n
    }
    #[memoize]
    fn by_box(self: Box<Self>, n: u32) -> u32 {
        run();
        self.0 + n
    }
    #[memoize(skip(self))]
    fn by_rc(self: Rc<Self>, n: u32) -> u32 {
        run();
        n
    }
    #[memoize(key = (self.0, n))]
    fn by_key(&self, n: u32) -> u32 {
        run();
        self.0 + n
    }
    #[memoize]
    fn fallible(&self, fails: bool) -> Result<Self, String> {
        run();
        if fails { Err("no".to_owned()) } else { Ok(self.clone()) }
    }
    #[memoize]
    fn r#match(&self, r#type: u32, (a, _): (u32, u32)) -> u32 {
        run();
        self.0 + r#type + a
    }
    #[memoize]
    fn generic<T: Hash + Eq + Clone + Send + Sync + 'static>(&self, value: T) -> (T, u32) {
        run();
        (value, self.0)
    }
}

#[test]
fn receivers() {
    let _scope = testing::isolate();
    runs!(
        Desk(1).by_self_type(2) => 1, Desk(2).by_self_type(2) => 1,
        Desk(1).by_changed_value(2) => 1, Desk(2).by_changed_value(2) => 1,
        Arc::new(Desk(1)).by_arc(2) => 1, Arc::new(Desk(2)).by_arc(2) => 1,
        Box::new(Desk(1)).by_box(2) => 1, Box::new(Desk(2)).by_box(2) => 1,
        Rc::new(Desk(1)).by_rc(2) => 1, Rc::new(Desk(2)).by_rc(2) => 0,
        Desk(1).by_key(2) => 1, Desk(2).by_key(2) => 1,
        Desk(1).fallible(false) => 1, Desk(1).fallible(true) => 2,
        Desk(1).r#match(2, (3, 4)) => 1, Desk(1).r#match(2, (3, 5)) => 1,
        Desk(1).generic(1_u8) => 1, Desk(1).generic(1_u16) => 1, Desk(1).generic("a") => 1,
    );
}

trait Priced {
    type Out;
    const FACTOR: usize;
    fn price(&self, n: usize) -> usize;
    fn out(&self) -> Self::Out;
}

#[memoize]
impl Priced for Desk {
    type Out = Vec<usize>;
    const FACTOR: usize = 2;
    #[memoize]
    fn price(&self, n: usize) -> usize {
        run();
        let none = Self::Out::new();
        none.len() + n * Self::FACTOR
    }
    #[memoize]
    fn out(&self) -> Self::Out {
        run();
        vec![Self::FACTOR]
    }
}

macro_rules! priced {
    ($([$($generics:tt)*] $type:ty),*) => { $(
        #[memoize]
        impl<$($generics)*> Priced for $type {
            type Out = ();
            const FACTOR: usize = 1;
            #[memoize]
            fn price(&self, n: usize) -> usize {
                run();
                size_of_val(self) + n
            }
            fn out(&self) {}
        }
    )* };
}

trait Whole: Hash + Eq + Clone + Send + Sync + 'static {}
impl<T: Hash + Eq + Clone + Send + Sync + 'static> Whole for T {}

// Of other crates, without a size, of no name.
priced!([] f64, [] str, [] String, [T: Whole] Vec<T>, [T: Whole] [T], [T: Whole] (T, T), [const N: usize] [u8; N]);

#[test]
fn implementors() {
    let _scope = testing::isolate();
    let list: &[u16] = &[1, 2];
    runs!(
        Desk(1).price(2) => 1, Desk(1).out() => 1, Desk(2).out() => 1,
        0.0.price(1) => 1, (-0.0).price(1) => 0,
        Priced::price("a", 1) => 1, Priced::price("b", 1) => 1, Priced::price(&"a".to_owned(), 1) => 1,
        vec![1_u8].price(1) => 1, vec![1_u16].price(1) => 1,
        list.price(1) => 1, Priced::price(&(1_u8, 2), 1) => 1, Priced::price(&(1_u16, 2), 1) => 1,
        Priced::price(&[1_u8, 2], 1) => 1, Priced::price(&[1_u8], 1) => 1,
    );
    assert_eq!(Desk::price_cache().cache_info().hits, 1);
}

macro_rules! arguments {
    ($($name:ident: $type:ty),* $(,)?) => { $(
        #[memoize]
        fn $name(value: $type) -> usize {
            run();
            let _ = value;
            7
        }
    )* };
}

arguments! {
    texts: &[&str],
    references: &[&u32],
    slices: &[&[u8]],
    choices: &[Option<&str>],
    pairs: &[(&str, f64)],
    cows: &[Cow<'_, str>],
    shorter_cow: Cow<str>,
    nested: Option<Option<&str>>,
    paths: Option<&Path>,
    deep: ((&str, u8), Option<(f64, &[u8])>),
    lent_cow: &Cow<'_, str>,
    lent_pair: &(&str, &[u8]),
    thrice: &&&str,
    floats: (f64, [f32; 2], Option<f64>, Vec<f64>),
    rows: &[[f64; 2]],
    lists: Vec<Vec<f64>>,
    boxed: Box<str>,
    lent_box: &Box<str>,
    shared: Arc<[u8]>,
    higher: for<'a> fn(&'a str, u8) -> &'a str,
    projected: &<Vec<u8> as IntoIterator>::Item,
    answered: &Result<u8, String>,
}

fn higher_ranked(text: &str, _: u8) -> &str {
    text
}

#[test]
fn arguments() {
    let _scope = testing::isolate();
    let owned = "a".to_owned();
    runs!(
        texts(&["a", &owned]) => 1, texts(&["aa"]) => 1, references(&[&1]) => 1, slices(&[&[1], &[2, 3]]) => 1,
        slices(&[&[1, 2], &[3]]) => 1, choices(&[None, Some(&owned)]) => 1, pairs(&[("a", 0.0)]) => 1,
        pairs(&[("a", -0.0)]) => 0, cows(&["a".into()]) => 1, cows(&[owned.clone().into()]) => 0, shorter_cow("a".into()) => 1,
        shorter_cow(owned.clone().into()) => 0,
        nested(None) => 1, nested(Some(None)) => 1, paths(Some(Path::new("a"))) => 1,
        deep((("a", 1), Some((f64::NAN, &[1])))) => 1, lent_cow(&Cow::Borrowed("a")) => 1, lent_pair(&("a", &[1])) => 1,
        thrice(&&"a") => 1, floats((0.0, [0.0, 1.0], Some(0.0), vec![0.0])) => 1,
        floats((-0.0, [-0.0, 1.0], Some(-0.0), vec![-0.0])) => 0, rows(&[[0.0, 1.0]]) => 1, lists(vec![vec![1.5]]) => 1,
        boxed("a".into()) => 1, lent_box(&"a".into()) => 1, shared([1].into()) => 1,
        higher(higher_ranked) => 1, projected(&1) => 1, answered(&Ok(1)) => 1, answered(&Err(owned.clone())) => 1,
    );
}

type Short<T> = Result<T, String>;
type Shorter = Short<u8>;
struct NoClone;

macro_rules! returns {
    ($($name:ident: $type:ty = $value:expr),* $(,)?) => { $(
        #[memoize]
        fn $name() -> $type {
            run();
            $value
        }
    )* };
}

returns! {
    short: Short<u8> = Err("no".to_owned()),
    shorter: Shorter = Err("no".to_owned()),
    formatted: std::fmt::Result = Err(std::fmt::Error),
    outer: Result<Result<u8, String>, String> = Err("no".to_owned()),
    inner: Result<Result<u8, String>, String> = Ok(Err("no".to_owned())),
    perhaps: Option<Result<u8, String>> = Some(Err("no".to_owned())),
    item: <Vec<Shorter> as IntoIterator>::Item = Err("no".to_owned()),
    pair: (Shorter, u8) = (Err("no".to_owned()), 1),
    array: [u8; 100] = [0; 100],
    text: &'static str = "a",
    map: HashMap<String, Vec<u8>> = HashMap::new(),
}

#[memoize]
fn without_clone(fails: bool) -> Result<u8, NoClone> {
    run();
    if fails { Err(NoClone) } else { Ok(1) }
}

#[test]
fn return_values() {
    let _scope = testing::isolate();
    runs!(
        short() => 2, shorter() => 2, formatted() => 2, outer() => 2, inner() => 1, perhaps() => 1, item() => 2,
        pair() => 1, array() => 1, text() => 1, map() => 1,
        without_clone(true).is_err() => 2, without_clone(false).ok() => 1,
    );
}

macro_rules! keyed {
    ($($name:ident($($parameter:ident: $type:ty),*) = $key:expr;)*) => { $(
        #[memoize(key = $key)]
        fn $name($($parameter: $type),*) -> usize {
            run();
            let _ = ($($parameter,)*);
            7
        }
    )* };
}

struct Query<'a> {
    id: u8,
    text: &'a str,
}

keyed! {
    of_a_query(query: &Query<'_>) = (query.id, query.text);
    of_a_part(text: &str) = &text[1..];
    of_nothing(_a: u8) = ();
    of_a_product(a: f64) = a * 2.5;
    of_a_choice(a: u8) = if a > 1 { "many" } else { "few" };
    of_a_closure(a: Option<String>) = a.as_ref().map(|a| a.len());
    of_a_block(map: &HashMap<u8, u8>) = {
        let mut sorted: Vec<_> = map.iter().map(|(key, value)| (*key, *value)).collect();
        sorted.sort_unstable();
        sorted
    };
}

#[test]
fn keys() {
    let _scope = testing::isolate();
    let owned = "a".to_owned();
    runs!(
        of_a_query(&Query { id: 1, text: "a" }) => 1, of_a_query(&Query { id: 1, text: &owned }) => 0,
        of_a_part("ab") => 1, of_a_part("cb") => 0, of_nothing(1) => 1, of_nothing(2) => 0,
        of_a_product(0.0) => 1, of_a_product(-0.0) => 0, of_a_choice(1) => 1, of_a_choice(0) => 0, of_a_choice(2) => 1,
        of_a_closure(Some("a".to_owned())) => 1, of_a_closure(Some("b".to_owned())) => 0,
        of_a_block(&[(1, 2), (3, 4)].into()) => 1, of_a_block(&[(3, 4), (1, 2)].into()) => 0,
    );
}

#[test]
fn names_of_the_prelude_may_be_those_of_others() {
    let _scope = testing::isolate();
    let twice = |call: &dyn Fn()| (0..2).for_each(|_| call());
    twice(&|| {
        _ = black_box((shadows::plain(1, "a"), shadows::optioned(1, &[1]), shadows::deferred(1, "a").force()))
    });
    twice(&|| {
        drop((
            pollster::block_on(shadows::later(1, "a")),
            shadows::batched(&[1]),
            shadows::Shop(1).price("a"),
        ))
    });
    assert_eq!(shadows::plain::cache_info().hits, 1);
    assert_eq!(shadows::optioned::cache_info().hits, 1);
    assert_eq!(shadows::deferred::cache_info().hits, 1);
    assert_eq!(shadows::later::cache_info().hits, 1);
    assert_eq!(shadows::batched::cache_info().hits, 1);
    assert_eq!(shadows::Shop::price_cache().cache_info().hits, 1);

    twice(&|| {
        _ = black_box((own::result(own::Result(1)), own::option(own::Option(1)), own::list(own::Vec(1))))
    });
    twice(&|| _ = black_box((own::numbers(own::u8(1), &own::f64(2)), own::texts(&[own::String]))));
    assert_eq!((own::result::cache_info().hits, own::option::cache_info().hits), (1, 1));
    assert_eq!((own::list::cache_info().hits, own::numbers::cache_info().hits), (1, 1));
    assert_eq!(own::texts::cache_info().hits, 1);
}
