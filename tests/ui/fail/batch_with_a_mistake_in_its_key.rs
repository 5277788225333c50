//! What else is wrong with a batch, its verbs take one key and speak of what is kept of it.
use std::collections::HashMap;
use std::rc::Rc;

use cached_core::{invalidates, memoize, updates};

pub struct Db;

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Id(u32);

pub struct Note(String);

#[derive(Clone)]
pub struct Shared(Rc<str>);

#[memoize(batch)]
fn names(db: &Db, ids: &[u32]) -> HashMap<u32, String> {
    HashMap::new()
}

#[invalidates(names(id))]
fn remove(id: u32) {}

#[updates(names(id) = Some(result))]
fn save(id: u32) -> String {
    String::new()
}

#[memoize(batch, skip(db))]
fn titles(db: &Db, ids: &[Id]) -> Vec<String> {
    Vec::new()
}

#[memoize(batch)]
fn notes(ids: &[u32]) -> HashMap<u32, Note> {
    HashMap::new()
}

#[memoize(batch)]
fn shared(ids: &[u32]) -> Result<Vec<Shared>, String> {
    Ok(Vec::new())
}

#[memoize(batch)]
fn other(ids: &[u64]) -> HashMap<u32, String> {
    HashMap::new()
}

fn main() {
    names::load(&Db, 3);
    names::warm(&Db, [3, 4]);
    names::invalidate(3);
    names::invalidate_if(|id, name| *id > 3 && name.is_none());
    titles::load(&Db, Id(3)).len();
    titles::insert(Id(3), String::new());
    titles::invalidate_if(|id, title| id.0 > 3 && title.is_empty());
    notes::insert(3, Some(Note(String::new())));
    notes::invalidate_if(|_, note| note.as_ref().is_some_and(|note| note.0.is_empty()));
    shared::insert(3, Shared("a".into()));
    other::invalidate_if(|id, name| *id > 3 && name.is_none());
}
