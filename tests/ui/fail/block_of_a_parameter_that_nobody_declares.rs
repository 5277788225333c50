use cached_core::memoize;
struct G<T>(T);
#[memoize]
impl G<T> {
    #[memoize]
    fn a(&self, x: u32) -> u32 {
        1
    }
    #[memoize]
    fn b(&self, x: u32) -> u32 {
        1
    }
}
fn main() {}
