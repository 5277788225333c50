use std::rc::Rc;

use cached_core::memoize;

#[memoize]
fn length(text: Rc<str>) -> usize {
    text.len()
}

fn main() {
    length("a".into());
}
