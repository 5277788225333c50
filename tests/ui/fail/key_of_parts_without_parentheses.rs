use cached_core::memoize;

#[memoize(key = name.to_lowercase(), id)]
fn user(name: &str, id: u32) -> usize {
    name.len() + id as usize
}

#[memoize(key = id, name.len(), max = 100)]
fn account(name: &str, id: u32) -> usize {
    name.len() + id as usize
}

fn main() {
    user("ada", 1);
    user::invalidate_if(|key, _| key.1 == 1);
    account::clear();
}
