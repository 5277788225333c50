use cached_core::memoize;

#[derive(Debug)]
struct Gone;

#[memoize(load_timeout = 2s)]
async fn page(n: u64) -> Result<u64, Gone> {
    if n > 0 { Ok(n) } else { Err(Gone) }
}

#[memoize(load_timeout = 2s)]
async fn count(n: u64) -> u64 {
    n
}

fn main() {}
