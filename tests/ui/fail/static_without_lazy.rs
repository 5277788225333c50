use cached_core::memoize;

fn build() -> Vec<u64> {
    vec![1]
}

#[memoize(ttl = 60s)]
static TABLE: Vec<u64> = build();

fn main() {
    TABLE.force();
}
