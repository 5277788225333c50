use std::rc::Rc;

use cached_core::memoize;

#[memoize]
fn render(id: u32) -> Rc<str> {
    id.to_string().into()
}

fn main() {
    render(1);
}
