use cached_core::memoize;

#[memoize(stale_if_error = 60s)]
fn never_stale(n: u64) -> Result<u64, String> {
    Ok(n)
}

fn main() {
    let _ = never_stale(1);
}
