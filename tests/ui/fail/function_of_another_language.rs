//! A function of a block of another language has no body, and is given none.

use cached_core::memoize;

unsafe extern "C" {
    #[memoize]
    fn abs(n: i32) -> i32;
}

fn main() {
    unsafe { abs(1) };
}
