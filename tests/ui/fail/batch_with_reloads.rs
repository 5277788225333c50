use cached_core::memoize;

#[memoize(batch, ttl = 60s, refresh_after = 30s)]
fn batch(keys: &[u64]) -> Vec<u64> {
    keys.to_vec()
}

fn main() {
    batch(&[1]);
}
