//! Of a static without its type nothing more is said than that.
use cached_core::memoize;

#[memoize(lazy)]
pub static NAME = String::from("ada");

fn main() {
    println!("{}", NAME.force());
}
