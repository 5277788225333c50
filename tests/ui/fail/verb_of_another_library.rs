//! Verbs by the names that they have elsewhere: what is found under them cannot be called, and its type says what to say.

use cached_core::memoize;

#[memoize(ttl = 60s)]
fn price(id: u32, currency: &str) -> String {
    format!("{id} {currency}")
}

#[memoize(key = id % 10)]
fn cost(id: u32) -> u32 {
    id
}

struct Pool;

#[memoize(skip(pool))]
fn user(pool: Pool, id: u32) -> u32 {
    let Pool = pool;
    id
}

fn main() {
    price(1, "EUR");
    price::cache_clear();
    price::remove(1, "EUR");
    cost(1);
    cost::get(1);
    cost::load(1);
    user(Pool, 1);
    user::warm([1]);
}
