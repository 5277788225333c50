use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Page<T>(T);

#[memoize]
impl<T: Clone + Eq + Send + Sync> Page<T> {
    #[memoize]
    fn size(&self) -> usize {
        1
    }

    #[memoize]
    fn count(word: T) -> usize {
        let _ = word;
        1
    }

    #[memoize]
    fn all() -> usize {
        1
    }
}

fn main() {
    Page(1).size();
    Page::count(2);
    Page::<u8>::size_cache().clear();
    Page::<u8>::count_cache().clear();
    Page::<u8>::all();
}
