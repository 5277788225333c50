use cached_core::memoize;

#[memoize(scope = thread)]
fn last<T: 'static>(make: fn() -> T) -> Option<T> {
    Some(make())
}

fn main() {
    last(|| 1);
}
