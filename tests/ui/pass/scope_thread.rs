#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::pedantic)]
//! Keys and values that threads cannot share.

use std::rc::Rc;

use cached_core::memoize;

/// A plain function.
#[memoize(scope = thread)]
#[must_use]
pub fn shout(word: &Rc<str>) -> Rc<String> {
    Rc::new(word.to_uppercase())
}

/// A generic one.
#[memoize(scope = thread)]
#[must_use]
pub fn pair<T: Clone + Eq + std::hash::Hash + 'static>(value: T) -> (T, T) {
    (value.clone(), value)
}

/// An asynchronous one.
#[memoize(scope = thread)]
pub async fn whisper(word: Rc<str>) -> Rc<String> {
    Rc::new(word.to_lowercase())
}

fn main() {
    let word: Rc<str> = "a".into();
    assert!(Rc::ptr_eq(&shout(&word), &shout(&word)));
    let _ = pair(Rc::new(1));
    assert_eq!(pair::cache_info::<Rc<i32>>().misses, 1);
    drop(whisper(word));
}
