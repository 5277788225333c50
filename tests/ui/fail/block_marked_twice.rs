use cached_core::memoize;
#[derive(Clone, PartialEq, Eq, Hash)]
struct D(u32);
#[memoize]
#[memoize]
impl D {
    #[memoize]
    fn a(&self, x: u32) -> u32 {
        x
    }
}
fn main() {
    D(1).a(1);
    D::a_cache().clear();
}
