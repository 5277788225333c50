//! A type with a lifetime that is not written, of a function in the body of another one.

use cached_core::memoize;

struct View<'a>(&'a str);

fn outer() {
    #[memoize]
    fn length(view: View) -> usize {
        view.0.len()
    }
}

fn main() {}
