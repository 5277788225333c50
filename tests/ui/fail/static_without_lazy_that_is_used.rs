//! A static that is no lazy one yet, used as its value and as what makes it.

use std::collections::HashMap;

use cached_core::memoize;

#[memoize]
static RATES: HashMap<String, u64> = HashMap::from([("EUR".to_owned(), 1)]);

#[memoize(lazy)]
const ANSWER: u64 = 42;

fn main() {
    for (name, rate) in RATES.iter() {
        println!("{name} {}", rate + ANSWER);
    }
    assert_eq!(RATES["EUR"], 1);
    RATES.force();
}
