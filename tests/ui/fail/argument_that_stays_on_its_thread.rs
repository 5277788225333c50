//! A type whose parameter has to be `Send` and is given one that holds an `Rc`: said once, also of a method, beside which nothing
//! can stand that would find it out.
use cached_core::memoize;
use std::rc::Rc;

#[derive(Clone, Hash, PartialEq, Eq)]
pub struct Query {
    names: Option<Rc<str>>,
}

#[derive(Clone, Hash, PartialEq, Eq)]
pub struct Page<T: Send>(T);

struct Desk;

impl Desk {
    #[memoize(skip(self))]
    fn price(&self, page: Page<Query>) -> u32 {
        page.0.names.is_some().into()
    }
}

fn main() {
    let _ = Desk::price;
    Desk::price_cache().clear();
}
