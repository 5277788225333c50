//! A key is worked out once for each call, of arguments that the body has afterwards.
#![deny(warnings)]
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use cached_core::{invalidates, memoize};

#[derive(Clone, Debug)]
pub struct Query {
    pub text: String,
    pub limit: u32,
}

static WORKED_OUT: AtomicU32 = AtomicU32::new(0);

fn normal(text: &str) -> String {
    WORKED_OUT.fetch_add(1, Ordering::Relaxed);
    text.trim().to_lowercase()
}

#[memoize(key = normal(&text))]
pub fn of_text(text: String) -> String {
    text
}

#[memoize(key = (query.text.clone(), query.limit / 10), max = 100)]
pub fn of_query(query: Query, n: u32) -> Vec<u32> {
    vec![query.limit; n as usize]
}

#[memoize(key = (all.len(), n))]
fn of_map(all: BTreeMap<u32, Box<str>>, n: u32, mut more: Vec<String>) -> usize {
    more.push(n.to_string());
    all.len() + more.len()
}

#[memoize(key = format!("{args}{key:?}{lookup}"))]
fn of_names_like_ours(args: String, key: Option<f64>, lookup: &'static str) -> u32 {
    args.parse().unwrap_or(0) + key.map_or(0, |_| 1) + lookup.parse::<u32>().unwrap_or(0)
}

#[invalidates(of_text(text.clone()))]
fn write(text: String) {
    drop(text);
}

fn main() {
    assert_eq!((of_text(" A".to_owned()), WORKED_OUT.swap(0, Ordering::Relaxed)), (" A".to_owned(), 1));
    assert_eq!((of_text("a ".to_owned()), WORKED_OUT.swap(0, Ordering::Relaxed)), (" A".to_owned(), 1));
    assert_eq!(of_text::peek("A".to_owned()).as_deref(), Some(" A"));
    assert_eq!(of_text::refresh("a".to_owned()), "a");
    write(" a".to_owned());
    assert!(!of_text::contains("a".to_owned()));
    assert_eq!(of_text::warm(["b".to_owned(), " B ".to_owned()]), 1);
    assert_eq!((of_text::clear(), of_text::cache_info().len), (1, 0));

    let query = Query { text: String::new(), limit: 7 };
    assert_eq!(of_query(query.clone(), 2), [7, 7]);
    assert_eq!(of_query(Query { limit: 9, ..query.clone() }, 3), [7, 7]);
    assert_eq!(of_query::uncached(query.clone(), 1), [7]);
    of_query::insert(query.clone(), 0, vec![1]);
    assert_eq!((of_query::invalidate(query, 5), of_query::cache().cache_info().len), (true, 0));

    assert_eq!(of_map(BTreeMap::new(), 1, vec!["a".to_owned()]), 2);
    assert_eq!(of_names_like_ours("1".to_owned(), Some(1.0), "2"), 4);
}
