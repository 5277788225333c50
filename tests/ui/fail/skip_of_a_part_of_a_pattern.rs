//! `skip` leaves out whole arguments.
use cached_core::memoize;

#[memoize(skip(log))]
fn price((id, log): (u32, bool), currency: &str) -> String {
    format!("{id} {log} {currency}")
}

fn main() {
    price((1, true), "EUR");
}
