//! Verbs are as private as their function, which is said once.

mod service {
    use cached_core::memoize;

    #[memoize]
    fn search(word: &str) -> usize {
        word.len()
    }
}

fn main() {
    service::search::clear();
}
