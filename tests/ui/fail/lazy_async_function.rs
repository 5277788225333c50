use cached_core::memoize;

#[memoize(lazy)]
async fn double(n: u32) -> u32 {
    n * 2
}

fn main() {
    drop(double(1));
}
