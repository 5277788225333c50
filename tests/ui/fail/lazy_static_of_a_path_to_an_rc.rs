use cached_core::memoize;

#[memoize(lazy)]
pub static T: std::rc::Rc<u8> = std::rc::Rc::new(1);
fn main() {
    T.force();
}
