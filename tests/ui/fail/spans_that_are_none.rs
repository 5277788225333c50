use cached_core::memoize;

#[memoize(errors = -1s, load_timeout = |_, _| 2, soft_timeout = 5 parsecs)]
async fn page(n: u64) -> Result<u64, String> {
    Ok(n)
}

fn main() {}
