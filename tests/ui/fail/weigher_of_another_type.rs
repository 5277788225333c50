use cached_core::memoize;

#[memoize(max_weight = 64MiB, weigher = |_, page| page.len())]
fn page(id: u32) -> String {
    id.to_string()
}

fn main() {
    page(1);
}
