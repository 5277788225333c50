//! A tag speaks of the key and the value: nothing else is known wherever an entry comes from.
use cached_core::memoize;

struct Pool {
    region: u64,
}

#[memoize(skip(pool), tags = ["region:{pool.region}", "user:{id}"])]
fn skipped(pool: &Pool, id: u64) -> u64 {
    pool.region + id
}

#[memoize(skip(pool), tags = [region_tag(pool)])]
fn in_an_expression(pool: &Pool, id: u64) -> u64 {
    pool.region + id
}

#[memoize(key = (a + b) as u64, tags = ["a:{a}"])]
fn worked_out(a: u64, b: u64) -> u64 {
    a + b
}

#[memoize(key = a + b, tags = ["a:{key}"])]
fn without_a_type(a: u64, b: u64) -> u64 {
    a + b
}

#[memoize(batch, tags = ["product:{ids}"])]
fn products(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}

fn region_tag(pool: &Pool) -> String {
    pool.region.to_string()
}

fn main() {
    let pool = Pool { region: 1 };
    skipped(&pool, 1);
    in_an_expression(&pool, 1);
    worked_out(1, 2);
    without_a_type(1, 2);
    products(&[1]);
}
