use cached_core::memoize;

#[memoize]
unsafe fn double(n: u32) -> u32 {
    n * 2
}

fn main() {
    unsafe { double(1) };
}
