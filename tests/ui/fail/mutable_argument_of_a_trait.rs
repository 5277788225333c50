//! What is written to can be of any type: that is no second mistake.
use cached_core::memoize;

use std::io::Write;

#[memoize]
fn report(out: &mut dyn Write, id: u32) -> u32 {
    out.write(b"").map_or(0, |_| id)
}

#[memoize]
fn again<W: Write>(out: &mut W, id: u32) -> u32 {
    out.write(b"").map_or(0, |_| id)
}

fn main() {
    report(&mut Vec::new(), 1);
    report::clear();
    again(&mut Vec::new(), 1);
}
