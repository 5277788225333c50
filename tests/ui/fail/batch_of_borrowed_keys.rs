use cached_core::memoize;

#[memoize(batch)]
fn lengths(names: &[&str]) -> Vec<usize> {
    names.iter().map(|name| name.len()).collect()
}

fn main() {
    lengths(&["a"]);
}
