use cached_core::memoize;

#[memoize(max = 10, weigher = |_, page| page.len() as u64)]
fn page(id: u32) -> String {
    id.to_string()
}

fn main() {
    page(1);
}
