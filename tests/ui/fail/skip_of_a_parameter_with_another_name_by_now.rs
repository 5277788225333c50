use cached_core::memoize;
pub struct Pool;
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Id(u64);
#[memoize(skip(pool))]
pub fn find(db: &Pool, id: Id) -> Option<u64> {
    let _ = db;
    Some(id.0)
}
fn main() {
    find(&Pool, Id(1));
    find::invalidate_if(|key, user| key.0 == 3 && user.is_some());
    find::warm(&Pool, (1..10).map(Id));
}
