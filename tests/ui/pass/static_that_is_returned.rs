//! What is lent for ever need not be cloned to be kept.
#![deny(warnings)]

use cached_core::memoize;

pub struct Unit {
    pub name: &'static str,
}

static ALL: [Unit; 2] = [Unit { name: "m" }, Unit { name: "s" }];

#[memoize]
fn unit(id: usize) -> &'static Unit {
    &ALL[id]
}

#[memoize]
fn found(id: usize) -> Option<&'static Unit> {
    ALL.get(id)
}

#[memoize]
fn listed(id: usize) -> Result<Vec<&'static Unit>, String> {
    ALL.get(id).map(|unit| vec![unit]).ok_or_else(String::new)
}

#[memoize]
fn counted(id: usize) -> (usize, &'static [Unit]) {
    (id, &ALL)
}

fn main() {
    assert_eq!(unit(1).name, "s");
    assert_eq!(unit(1).name, "s");
    assert_eq!(unit::cache_info().hits, 1);
    assert!(found(2).is_none());
    assert_eq!(listed(0).map(|units| units.len()), Ok(1));
    assert_eq!(counted(1).1.len(), 2);
}
