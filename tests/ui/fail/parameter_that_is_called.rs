use cached_core::memoize;

#[memoize]
fn applied<F: Fn(u32) -> u32>(f: F, n: u32) -> u32 {
    f(n)
}

#[memoize]
fn folded<F>(n: u32, f: &F) -> u32
where
    F: Fn(u32) -> u32,
{
    f(n)
}

fn main() {
    applied(|n| n, 1);
    folded(1, &|n| n);
}
