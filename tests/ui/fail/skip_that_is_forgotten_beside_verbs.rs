use cached_core::memoize;

struct Pool;

#[memoize]
fn user(pool: &Pool, id: u64) -> Option<u64> {
    let _ = pool;
    Some(id)
}

fn main() {
    user(&Pool, 1);
    user::cache().invalidate(&7);
    user::invalidate_if(|id, user| *id > 3 && user.is_none());
    user::warm(&Pool, [1, 2, 3]);
    user::insert(&Pool, 3, None);
}
