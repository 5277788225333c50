//! Patterns that fit, and that an option speaks of: structs and variants by any name, parts of tuples and lists, and what cannot be.
#![deny(warnings)]
#![allow(dead_code)]

use std::convert::Infallible;

use cached_core::memoize;

struct Path<T>(T);
struct Pair<A, B>(A, (B, u8));
struct Lent<'a, T>(&'a T);
struct Row<const N: usize, T>([T; N]);
struct Whole<T = (u32, u8)>(T);
struct Marker;
type Both = (u32, u32);

macro_rules! wrapper {
    ($name:ident) => {
        struct $name<T>(T);
    };
}

wrapper!(Written);

struct Point {
    x: u32,
    y: u32,
}

enum One {
    Only { x: u32, y: u8 },
}

use One::Only;

enum Never {}

enum Certain<T> {
    Of(T),
    Not(Infallible, u8),
}

mod inner {
    pub struct Point {
        x: u32,
        pub y: u32,
    }

    pub struct Size(pub u32, pub u8);

    pub enum Single {
        Of(u32),
    }

    pub type Other = Point;

    mod within {
        use super::Point;
        use cached_core::memoize;

        #[memoize(key = x + y)]
        fn sees_all(Point { x, y }: &Point) -> u32 {
            *x + *y
        }
    }
}

use inner::{Other, Point as Corner, Single::Of, Size};

type Second = Size;

#[memoize(key = (id, name))]
fn tuple_within(Path((id, name)): Path<(u32, u8)>) -> u32 {
    id + u32::from(name)
}

#[memoize(key = (id, name, count))]
fn generic(Pair(id, (name, count)): Pair<u32, String>) -> usize {
    name.len() + id as usize + usize::from(count)
}

#[memoize(key = (id, name))]
fn alias((id, name): Both) -> u32 {
    id + name
}

#[memoize(key = (id, name))]
fn alias_within(Path((id, name)): Path<Both>) -> u32 {
    id + name
}

#[memoize(key = id)]
fn lent(Lent(id): Lent<'_, u32>) -> u32 {
    *id
}

#[memoize(key = id)]
fn reference(&id: &u32) -> u32 {
    id
}

#[memoize(key = (id, name.len()))]
fn by_reference(&(id, ref name): &(u32, String)) -> usize {
    name.len() + id as usize
}

#[memoize(key = id)]
fn last((.., id): (u8, u8, u32)) -> u32 {
    id
}

#[memoize(key = id)]
fn first((id, ..): &(u8, u8, u32)) -> u8 {
    *id
}

#[memoize(key = x)]
fn variant(One::Only { x, .. }: One) -> u32 {
    x
}

#[memoize(key = x)]
fn imported(Only { x, y: _ }: &One) -> u32 {
    *x
}

#[memoize(key = a)]
fn renamed(Point { x: a, y: _ }: Point) -> u32 {
    a
}

#[memoize(key = a)]
fn of_array([a, ..]: [u32; 3]) -> u32 {
    a
}

#[memoize(key = (a, rest.len()))]
fn one_and_rest([a, rest @ ..]: [u32; 1]) -> usize {
    a as usize + rest.len()
}

#[memoize(key = all.len())]
fn of_list([all @ ..]: &[u32]) -> usize {
    all.len()
}

#[memoize(key = [a, b])]
fn of_length(Row([a, b]): Row<2, u32>) -> u32 {
    a + b
}

#[memoize(key = (a, b))]
fn left_out(Whole((a, b)): Whole) -> u32 {
    a + u32::from(b)
}

#[memoize(key = (a, b))]
fn written_by_a_macro(Written((a, b)): Written<(u32, u8)>) -> u32 {
    a + u32::from(b)
}

#[memoize(key = x)]
fn unit((Marker, x): (Marker, u32)) -> u32 {
    x
}

#[memoize(key = x)]
fn cannot_fail(Ok(x): Result<u32, Infallible>) -> u32 {
    x
}

#[memoize(key = x)]
fn cannot_be(Ok(x): Result<u32, Never>) -> u32 {
    x
}

#[memoize(key = x)]
fn certain(Certain::Of(x): Certain<u32>) -> u32 {
    x
}

#[memoize(key = y)]
fn visible(inner::Point { y, .. }: inner::Point) -> u32 {
    y
}

#[memoize(key = y)]
fn by_alias(Other { y, .. }: Corner) -> u32 {
    y
}

#[memoize(key = y)]
fn of_alias(Corner { y, .. }: Other) -> u32 {
    y
}

#[memoize(key = x)]
fn from_elsewhere(Size(x, _): Second) -> u32 {
    x
}

#[memoize(key = x)]
fn single(Of(x): inner::Single) -> u32 {
    x
}

#[memoize]
impl Point {
    #[memoize(key = (x, y))]
    fn of_self(Self { x, y }: Self) -> u32 {
        x + y
    }

    #[memoize(key = (x, y))]
    fn of_name(Point { x, y }: &Self) -> u32 {
        x + y
    }
}

fn main() {
    assert_eq!(tuple_within(Path((1, 2))), 3);
    assert_eq!(by_reference(&(1, "a".to_owned())), 2);
    assert_eq!(cannot_fail(Ok(7)), 7);
}
