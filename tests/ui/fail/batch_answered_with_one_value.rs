use cached_core::memoize;

#[memoize(batch)]
fn total(ids: &[u32]) -> u32 {
    ids.iter().sum()
}

fn main() {
    total(&[1]);
}
