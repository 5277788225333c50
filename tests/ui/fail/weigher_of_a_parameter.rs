use cached_core::memoize;

#[memoize(max_weight = 64MiB, weigher = |_, _| u64::from(id))]
fn page(id: u32) -> String {
    id.to_string()
}

fn main() {
    page(1);
}
