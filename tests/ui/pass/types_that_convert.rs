//! Types with arguments that are asked to convert, and do, one way or another.
use std::hash::Hash;

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Query;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Digit(u8);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Word;

struct Sum;

impl From<Query> for String {
    fn from(_: Query) -> String {
        "query".to_owned()
    }
}

#[allow(clippy::from_over_into)]
impl Into<u8> for Digit {
    fn into(self) -> u8 {
        self.0
    }
}

macro_rules! sums {
    ($ty:ty) => {
        impl From<$ty> for Sum {
            fn from(_: $ty) -> Sum {
                Sum
            }
        }
    };
}
sums!(Word);

impl<T: Copy> From<Vec<T>> for Sum {
    fn from(_: Vec<T>) -> Sum {
        Sum
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Text<T: Into<String>>(T);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Number<T: TryInto<u8>>(T);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Summed<T: Into<Sum>>(T);

trait Key: Clone + Hash + Eq + Send + Sync + 'static {}
impl<T: Clone + Hash + Eq + Send + Sync + 'static> Key for T {}

trait Textual: Key + Into<String> {}
impl<T: Key + Into<String>> Textual for T {}

struct Desk;

impl Desk {
    #[memoize(skip(self))]
    fn text(&self, of: Text<Query>) -> String {
        of.0.into()
    }

    #[memoize(skip(self))]
    fn number(&self, of: Number<Digit>, or: Number<u64>) -> u8 {
        let first: u8 = of.0.into();
        first + u8::try_from(or.0).unwrap_or(0)
    }

    #[memoize(skip(self))]
    fn sum(&self, of: Summed<Word>, or: Summed<Vec<u8>>) -> u8 {
        let all: [Sum; 2] = [Sum::from(of.0), Sum::from(or.0)];
        u8::try_from(all.len()).unwrap_or(0)
    }

    #[memoize(skip(self))]
    fn texts(&self, one: Text<char>, two: Text<Box<str>>, three: Text<&'static str>) -> String {
        let all: [String; 3] = [one.0.into(), two.0.into(), three.0.into()];
        all.concat()
    }
}

#[memoize]
fn bound<T: Key + Into<String>>(of: Text<T>) -> String {
    of.0.into()
}

#[memoize]
fn clause<T: Key>(of: Text<T>) -> String
where
    String: From<T>,
{
    of.0.into()
}

#[memoize]
fn inherited<T: Textual>(of: Text<T>) -> String {
    of.0.into()
}

#[memoize]
fn tried<T: Key>(of: Number<T>) -> u8
where
    u8: TryFrom<T>,
{
    of.0.try_into().unwrap_or(0)
}

fn main() {
    assert_eq!(Desk.text(Text(Query)), "query");
    assert_eq!(Desk.number(Number(Digit(1)), Number(2)), 3);
    assert_eq!(Desk.sum(Summed(Word), Summed(vec![1])), 2);
    assert_eq!(Desk.texts(Text('a'), Text("b".into()), Text("c")), "abc");
    assert_eq!([bound(Text("a")), clause(Text("b")), inherited(Text("c"))].concat(), "abc");
    assert_eq!(tried(Number(1_u8)), 1);
}
