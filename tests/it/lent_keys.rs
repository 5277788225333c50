//! Keys that are worked out from what is borrowed, and of what is borrowed that has no size.

use std::borrow::Cow;
use std::path::Path;

use cached_core::{memoize, testing};
use pollster::block_on;
use tests::{hit, miss};

#[memoize(key = name.split('/').next())]
fn first(name: &str) -> usize {
    name.len()
}

#[memoize(key = (name.split_once('='), n))]
fn pair(name: &str, n: u32) -> usize {
    name.len() + n as usize
}

#[memoize(key = list.split(',').map(str::trim).collect::<Vec<_>>())]
fn listed(list: &str) -> usize {
    list.len()
}

#[memoize(key = [a, b])]
fn both(a: &str, b: &str) -> usize {
    a.len() + b.len()
}

#[memoize(key = ((a, n), Some(b), vec![a, b]))]
fn nested(a: &str, b: &str, n: u8) -> usize {
    a.len() + b.len() + usize::from(n)
}

#[memoize(key = path.to_string_lossy())]
fn shown(path: &Path) -> usize {
    path.components().count()
}

#[memoize(key = if text.is_empty() { Cow::Borrowed("none") } else { Cow::Owned(text.to_lowercase()) })]
fn folded(text: &str) -> usize {
    text.len()
}

#[memoize(key = (text.first(), [text.len(); 2]))]
fn begun(text: &[u8]) -> usize {
    text.len()
}

#[memoize(key = name.split('/').next(), max = 10)]
async fn awaited(name: &str) -> usize {
    name.len()
}

#[memoize(key = name.split('/').next(), scope = thread)]
fn own(name: &str) -> usize {
    name.len()
}

/// What holds a borrow, and has a name.
struct Query<'a> {
    text: &'a str,
    words: Vec<&'a str>,
}

#[memoize(key = (query.text, query.words.clone()))]
fn asked(query: &Query<'_>) -> usize {
    query.text.len()
}

#[test]
fn what_a_key_borrows_in_options_lists_and_tuples_it_owns() {
    let _isolated = testing::isolate();
    miss!(first("a/b") => 3);
    hit!(first("a/bc") => 3);
    miss!(first("b/b") => 3);

    miss!(pair("a=1", 1) => 4);
    hit!(pair("a=1", 1) => 4);
    miss!(pair("a=1", 2) => 5);
    miss!(pair("none", 1) => 5);

    miss!(listed("a,b") => 3);
    hit!(listed(" a , b") => 3);
    miss!(listed("ab") => 2);

    miss!(both("a", "b") => 2);
    hit!(both("a", "b") => 2);
    miss!(both("b", "a") => 2);

    miss!(nested("a", "b", 1) => 3);
    hit!(nested("a", "b", 1) => 3);
    miss!(nested("a", "b", 2) => 4);

    miss!(shown(Path::new("a/b")) => 2);
    hit!(shown(Path::new("a/b")) => 2);

    miss!(folded("") => 0);
    miss!(folded("A") => 1);
    hit!(folded("a") => 1);

    miss!(begun(b"ab") => 2);
    hit!(begun(b"ac") => 2);
    miss!(begun(b"bc") => 2);

    assert_eq!((block_on(awaited("a/b")), block_on(awaited("a"))), (3, 3));
    assert_eq!(awaited::cache_info().hits, 1);

    hit_twice(|| own("a/b"));
    assert_eq!(own::cache_info().hits, 1);

    let query = |text| Query { text, words: vec![text] };
    miss!(asked(&query("a")) => 1);
    hit!(asked(&query("a")) => 1);
    assert!(asked::invalidate(&query("a")));
}

fn hit_twice(call: impl Fn() -> usize) {
    assert_eq!(call(), call());
}

/// A type of which nobody sees that it has no size.
macro_rules! declared {
    ($name:ident) => {
        #[derive(Debug, PartialEq, Eq, Hash)]
        pub struct $name<T: ?Sized>(T);
    };
}
declared!(Tail);

type Label = Tail<[u8]>;

impl ToOwned for Label {
    type Owned = Box<Self>;

    fn to_owned(&self) -> Box<Self> {
        match self.0 {
            [first, second] => Box::new(Tail([first, second])),
            _ => panic!("the labels of this test are of two"),
        }
    }
}

/// Which cannot be cloned.
macro_rules! services {
    ($($name:ident)*) => { $(pub struct $name(u64);)* };
}
services!(Service);

#[memoize(key = label.0[0])]
fn initial(label: &Label) -> u8 {
    label.0[0]
}

#[memoize(key = (label.0[0], n))]
async fn initial_later(label: &Label, n: u8) -> u8 {
    label.0[0] + n
}

struct Desk;

impl Desk {
    #[memoize(key = (label.0[0], service.0))]
    fn initial(&self, label: &Label, service: &Service) -> u64 {
        u64::from(label.0[0]) + service.0
    }
}

#[test]
fn what_has_no_size_and_is_declared_by_others_may_be_spoken_of_by_a_key() {
    let _isolated = testing::isolate();
    let label = |second| -> Box<Label> { Box::new(Tail([1, second])) };
    miss!(initial(&label(1)) => 1);
    hit!(initial(&label(2)) => 1);

    assert_eq!((block_on(initial_later(&label(1), 1)), block_on(initial_later(&label(2), 1))), (2, 2));
    assert_eq!(initial_later::cache_info().hits, 1);
    assert_eq!(block_on(initial_later::warm([(label(1), 2)])), 1);

    assert_eq!((Desk.initial(&label(1), &Service(2)), Desk.initial(&label(2), &Service(2))), (3, 3));
    assert_eq!(Desk::initial_cache().cache_info().hits, 1);
    assert_eq!(Desk.initial_warm([(label(1), Service(3))]), 1);
}
