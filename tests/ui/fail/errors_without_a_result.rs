use cached_core::memoize;

#[memoize(errors = 5s)]
fn plain(n: u64) -> u64 {
    n
}

type Maybe = Option<u64>;

#[memoize(errors = 5s)]
fn aliased(n: u64) -> Maybe {
    Some(n)
}

#[memoize(errors = 5s)]
fn generic<T: Clone + Send + Sync + 'static>(n: u64) -> Vec<T> {
    Vec::with_capacity(n as usize)
}

fn main() {}
