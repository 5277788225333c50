//! A part of a key that is the name of nothing is one of a parameter, misspelt: its verbs stay.
use cached_core::memoize;

#[memoize(key = (id, curr))]
fn price(id: u32, cur: String) -> u32 {
    id + cur.len() as u32
}

fn main() {
    price(1, String::new());
    price::invalidate_if(|(id, cur), value| *id == 1 && cur == "" && *value == 1);
}
