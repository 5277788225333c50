//! What has been found out about the files of a crate, kept from one call of the macro to the next: a crate whose functions speak of
//! the same types looks each of them up once. As soon as a file that was read has changed, all of it is forgotten.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::sources::around::Place;

/// How many files are kept, and may be read for what is found out; who reads more looks again each time.
pub(super) const FILES: usize = 256;

#[derive(Default)]
struct Answers {
    /// What was read, and when each file was last written to.
    read: BTreeMap<PathBuf, Option<SystemTime>>,
    items: Known<Option<Place>>,
    paths: Known<Option<Vec<String>>>,
    facts: Known<bool>,
    /// Types, and whether all that they hold can be shared.
    shared: Vec<(Place, bool)>,
}

/// The braces in which something is looked for, and what.
type Question = ((usize, Option<usize>), String);

/// What is known, with a place in the file that is asked: that keeps the braces what they are.
type Known<T> = BTreeMap<Question, (Place, T)>;

thread_local! {
    static ANSWERS: RefCell<Answers> = RefCell::default();
}

/// Forgets what may not be so any more.
pub(super) fn check() {
    let changed = |path: &PathBuf| std::fs::metadata(path).and_then(|found| found.modified()).ok();
    ANSWERS.with_borrow_mut(|answers| {
        let is_same = |(path, known): (&PathBuf, &Option<SystemTime>)| changed(path) == *known;
        if answers.read.len() > FILES || !answers.read.iter().all(is_same) {
            *answers = Answers::default();
        }
    });
}

/// Takes note of a file that is read.
pub(super) fn note(path: &std::path::Path, changed: Option<SystemTime>) {
    ANSWERS.with_borrow_mut(|answers| {
        if answers.read.get(path) != Some(&changed) {
            answers.read.insert(path.to_owned(), changed);
        }
    });
}

/// The item that something is asked for, if that is seen from where a place stands.
pub(super) fn item(from: &Place, asked: String, find: impl FnOnce() -> Option<Place>) -> Option<Place> {
    once(|answers| &mut answers.items, from, asked, find)
}

/// The path that something is asked for.
pub(super) fn path(
    from: &Place,
    asked: String,
    find: impl FnOnce() -> Option<Vec<String>>,
) -> Option<Vec<String>> {
    once(|answers| &mut answers.paths, from, asked, find)
}

/// Whether something is so.
pub(super) fn fact(from: &Place, asked: String, find: impl FnOnce() -> bool) -> bool {
    once(|answers| &mut answers.facts, from, asked, find)
}

fn once<T: Clone>(
    all: impl Fn(&mut Answers) -> &mut Known<T>,
    from: &Place,
    asked: String,
    find: impl FnOnce() -> T,
) -> T {
    let question = (from.braces(), asked);
    let known =
        ANSWERS.with_borrow_mut(|answers| all(answers).get(&question).map(|(_, known)| known.clone()));
    known.unwrap_or_else(|| {
        // Who finds it may ask for more.
        let found = find();
        ANSWERS.with_borrow_mut(|answers| all(answers).insert(question, (from.clone(), found.clone())));
        found
    })
}

/// Whether all that a type holds can be shared.
pub(super) fn fitness(of: &Place, find: impl FnOnce() -> bool) -> bool {
    let known = |answers: &Answers| answers.shared.iter().find(|(own, _)| own.is(of)).map(|(_, is)| *is);
    if let Some(known) = ANSWERS.with_borrow(known) {
        return known;
    }
    let found = find();
    ANSWERS.with_borrow_mut(|answers| answers.shared.push((of.clone(), found)));
    found
}
