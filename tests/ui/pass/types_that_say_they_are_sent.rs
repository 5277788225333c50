//! A type that holds what is not `Send`, and says that it is nevertheless, is taken at its word.
#![allow(dead_code)]
use cached_core::memoize;

#[derive(Clone, Hash, PartialEq, Eq)]
pub struct Handle(*const u8);
unsafe impl Send for Handle {}
unsafe impl Sync for Handle {}

#[derive(Clone, Hash, PartialEq, Eq)]
pub struct Page<T: Send + Sync>(T);

struct Desk;

impl Desk {
    #[memoize(skip(self))]
    fn price(&self, page: Page<Handle>) -> Option<Page<Handle>> {
        Some(page)
    }
}

fn main() {
    let page = || Page(Handle(std::ptr::null()));
    assert!(Desk.price(page()) == Some(page()) && Desk.price(page()).is_some());
    assert_eq!(Desk::price_cache().cache_info().hits, 1);
}
