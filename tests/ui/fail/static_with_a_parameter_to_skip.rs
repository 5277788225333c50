use cached_core::memoize;

#[memoize(lazy, skip(pool))]
static TABLE: Vec<u64> = vec![1];

fn main() {
    TABLE.force();
}
