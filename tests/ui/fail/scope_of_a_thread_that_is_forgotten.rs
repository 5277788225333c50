use std::cell::RefCell;
use std::rc::Rc;

use cached_core::memoize;

#[memoize]
fn counter(name: Rc<str>) -> Rc<RefCell<u32>> {
    let _ = name;
    Rc::default()
}

fn main() {
    counter("a".into());
    counter::clear();
}
