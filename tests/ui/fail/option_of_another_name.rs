use cached_core::memoize;

#[memoize(lru)]
fn area(width: u32) -> u32 {
    width
}

#[memoize(batch, max_batch_size = 100)]
fn names(ids: &[u32]) -> Vec<String> {
    ids.iter().map(u32::to_string).collect()
}

#[memoize(ttl = 60s, swr = 10s)]
fn rate(currency: &str) -> u64 {
    currency.len() as u64
}

#[memoize(coalesce = true)]
fn page(number: u32) -> u32 {
    number
}

#[memoize(deadline = 5s)]
async fn load(number: u32) -> u32 {
    number
}

fn main() {
    area::clear();
}
