use std::rc::Rc;

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Style(Rc<str>);

#[derive(Clone)]
struct Glyph(Rc<[u8]>);

#[memoize(max = 1_000)]
fn glyph(letter: char, style: &Style) -> Glyph {
    Glyph(style.0.bytes().chain([letter as u8]).collect())
}

fn main() {
    glyph('a', &Style("serif".into()));
    glyph::invalidate_if(|key, _| key.0 == 'a');
}
