use cached_core::memoize;

struct Pool;

#[memoize(ttl = 60s, stale_if_error = 10m, soft_timeout = 100ms, skip(pool))]
fn user(pool: &Pool, id: u64) -> Result<u64, String> {
    let _ = pool;
    Ok(id)
}

#[memoize(ttl = 60s, stale_if_error = 10m, soft_timeout = 100ms)]
fn joined(names: &[&str]) -> Result<String, String> {
    Ok(names.concat())
}

#[memoize(ttl = 60s, stale_if_error = 10m, soft_timeout = 100ms)]
async fn page(url: &str) -> Result<String, String> {
    Ok(url.to_owned())
}

#[memoize(ttl = 60s, stale_if_error = 10m, soft_timeout = 100ms)]
async fn local(n: u64) -> Result<u64, String> {
    let held = std::rc::Rc::new(n);
    std::future::ready(()).await;
    Ok(*held)
}

fn main() {}
