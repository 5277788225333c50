//! Errors are kept under a key of which only the compiler knows the type.
use cached_core::memoize;

#[memoize(errors = 5s, key = id % 2)]
fn parity(id: u32) -> Result<u32, String> {
    Err(format!("{id} is asked for first"))
}

#[memoize(errors = 5s, key = (id.clone(), 1))]
fn generic<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(id: T) -> Result<T, String> {
    Ok(id)
}

fn main() {
    assert_eq!((parity(1), parity(3)), (parity(1), parity(1)));
    assert_eq!(generic(1), Ok(1));
}
