use std::rc::Rc;

use cached_core::memoize;

#[memoize(scope = thread)]
fn glyph(letter: char, face: Rc<str>) -> Rc<str> {
    let _ = letter;
    face
}

fn main() {
    glyph::warm([('a', Rc::from("serif"))]);
}
