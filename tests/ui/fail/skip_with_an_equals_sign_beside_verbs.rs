use cached_core::memoize;

struct Pool;

#[memoize(skip = pool)]
fn user(pool: &Pool, id: u64) -> Option<u64> {
    let _ = pool;
    Some(id)
}

#[memoize(ignore(pool))]
fn name(pool: &Pool, id: u64) -> String {
    let _ = pool;
    id.to_string()
}

fn main() {
    user(&Pool, 1);
    user::invalidate_if(|id, _| *id > 3);
    user::warm(&Pool, [1, 2, 3]);
    name(&Pool, 1);
    name::invalidate_if(|id, name| *id > 3 && name.is_empty());
    name::warm(&Pool, [1, 2, 3]);
}
