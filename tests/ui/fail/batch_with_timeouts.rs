use cached_core::memoize;

#[memoize(batch, errors = 5s, load_timeout = 2s, soft_timeout = 1s, stale_if_error = 10m, ttl = 60s)]
async fn names(ids: &[u32]) -> Vec<Result<String, String>> {
    ids.iter().map(|id| Ok(id.to_string())).collect()
}

fn main() {}
