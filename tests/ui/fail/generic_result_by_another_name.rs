//! Of a generic `Result` no error is kept unseen.
use cached_core::memoize;

type Answer<T> = Result<Vec<T>, String>;

#[memoize]
fn ask<T: Clone + Send + Sync + 'static>(question: u8) -> Answer<T> {
    Err(question.to_string())
}

fn main() {
    let _ = ask::<u8>(1);
}
