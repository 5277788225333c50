use cached_core::memoize;

#[memoize(lazy, skip(pool))]
fn report(pool: &str, id: u32) -> usize {
    pool.len() + id as usize
}

fn main() {
    report("", 1).force();
}
