//! Mistakes in a crate that is compiled incrementally, as `cargo check` does: there the compiler does not know two errors of different
//! functions to be the same. Each line that is marked is told of once, and no other.

use std::cell::Cell;

use cached_core::memoize;

pub struct Query {
    number: u32,
}

#[memoize(key = query.id)] //~
fn of_a_field(query: &Query) -> u32 {
    query.number
}

#[memoize(key = width * depth)] //~
fn of_an_operator(width: f64, depth: u32) -> f64 {
    width * f64::from(depth)
}

#[memoize(key = name.parse().unwrap())] //~
fn of_an_open_type(name: &str) -> usize {
    name.len()
}

#[memoize(key = Cell::new(id))] //~
async fn of_no_key(id: u32) -> u32 {
    id
}

pub struct Unkeyed(usize);

#[memoize(key = Unkeyed(name.len()))] //~
async fn of_a_type_without_derives(name: &str) -> usize {
    name.len()
}

#[memoize(key = (Unkeyed(name.len()), 1))] //~
fn of_a_part_without_derives(name: String) -> usize {
    name.len()
}

pub struct Unfit {
    number: u32,
}

#[memoize]
fn of_an_argument(of: Unfit) -> u32 { //~
    of.number
}

pub struct Single {
    number: u32,
}

#[memoize(max = 10)]
async fn of_a_value(id: u32) -> Single { //~
    Single { number: id }
}

#[memoize(max = 10, policy = lfru)] //~
fn of_an_option(id: u32) -> u32 {
    id
}

pub struct Desk {
    town: String,
}

impl Desk {
    #[memoize(key = (self.town.into_bytes(), id))] //~
    fn of_a_move(&self, id: u32) -> u32 {
        id + self.town.len() as u32
    }

    #[memoize(key = (self.town.length(), id))] //~
    fn of_a_method(&self, id: u32) -> u32 {
        id
    }
}

#[memoize]
impl Desk {
    #[memoize(key = id + "1")] //~
    fn of_a_block(id: u32) -> u32 {
        id
    }
}

fn main() {
    of_a_field::clear();
    of_a_field::invalidate(&Query { number: 1 });
    of_an_operator::insert(1.0, 2, 2.0);
    println!("{:?} {}", of_an_open_type::peek("1"), of_an_open_type::cache_info());
    of_an_argument::invalidate_if(|key, value| key.number == *value);
    of_an_option::warm([1, 2]);
    let _ = (of_no_key::refresh(1), of_a_value::refresh(1));
    of_a_part_without_derives::contains(String::new());
    let desk = Desk { town: String::new() };
    (desk.of_a_move(1), desk.of_a_method(2), Desk::of_a_block(3));
}
