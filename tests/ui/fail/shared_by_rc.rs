use std::rc::Rc;

use cached_core::memoize;

#[memoize]
fn shout(word: Rc<str>) -> String {
    word.to_uppercase()
}

#[memoize]
fn whisper(word: String) -> Result<Rc<str>, String> {
    Ok(word.to_lowercase().into())
}

fn main() {
    shout("a".into());
    drop(whisper("A".to_owned()));
}
