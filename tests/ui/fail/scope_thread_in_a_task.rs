use cached_core::memoize;

#[memoize(scope = thread)]
async fn double(n: u64) -> u64 {
    n * 2
}

fn spawn(_task: impl Future<Output = u64> + Send) {}

fn main() {
    spawn(async { double(2).await });
}
