use cached_core::memoize;
#[memoize]
fn a(x: (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8)) -> u32 {
    1
}
fn main() {}
