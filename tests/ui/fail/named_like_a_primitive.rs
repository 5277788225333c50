use cached_core::memoize;

#[memoize]
fn u8(n: u32) -> u32 {
    n
}

fn main() {
    u8(1);
}
