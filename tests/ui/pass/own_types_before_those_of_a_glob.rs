//! A type of a module's own hides what a `use` of all there is would bring in.
mod errors {
    pub trait Error {}
    pub struct Odd;

    pub struct Page<'a>(pub &'a str);
}

mod pages {
    use super::errors::*;

    use cached_core::memoize;

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Page(pub u32);

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum Error {
        Missing(Page),
    }

    #[memoize]
    pub fn next(page: Page, error: &Error) -> Result<Page, Error> {
        if page.0 == 0 { Err(error.clone()) } else { Ok(Page(page.0 + 1)) }
    }

    mod others {
        pub(super) fn is_error(_: &dyn super::super::errors::Error) {}
    }

    impl super::errors::Error for Odd {}

    pub fn unused() {
        others::is_error(&Odd);
    }
}

use cached_core::memoize;
use pages::{Error, Page};

#[memoize]
fn elsewhere(error: Error) -> Page {
    match error {
        Error::Missing(page) => page,
    }
}

fn main() {
    let error = Error::Missing(Page(7));
    for _ in 0..2 {
        assert_eq!(pages::next(Page(1), &error), Ok(Page(2)));
        assert_eq!(elsewhere(error.clone()), Page(7));
    }
    assert_eq!(pages::next::cache_info().hits, 1);
    assert_eq!(elsewhere::cache_info().hits, 1);
    pages::unused();
    assert_eq!(errors::Page("a").0, "a");
}
