use cached_core::memoize;

struct Page<T>(T);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Site<T>(T);

#[memoize]
impl<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static> Site<T> {
    #[memoize]
    fn page(&self) -> Result<Page<T>, String> {
        Ok(Page(self.0.clone()))
    }
}

fn main() {
    let site = Site(1);
    assert!(site.page().is_ok_and(|page| page.0 == 1));
    assert!(site.page_uncached().is_ok_and(|page| page.0 == 1));
    Site::<i32>::page_cache().clear();
}
