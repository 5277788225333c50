//! The compiler refuses attributes on statements and closures, and says so.

use cached_core::memoize;

fn main() {
    #[memoize]
    let number = 5;
    let twice = #[memoize]
    |n: u32| n * 2;
    twice(number);
}
