use cached_core::memoize;

#[memoize(load_timeout = 2s)]
fn page(n: u64) -> Result<u64, String> {
    Ok(n)
}

fn main() {}
