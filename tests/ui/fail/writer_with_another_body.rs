use cached_core::{invalidates, memoize, updates};

#[memoize]
fn user(id: u64) -> u64 {
    id
}

#[invalidates(user(id))]
async fn rename(id: u64) -> String {
    id
}

#[updates(user(id) = 1)]
async fn set(id: u64) -> Result<(), String> {
    if id == 0 {
        return Err("no such user");
    }
    Ok(())
}

#[invalidates(user(id))]
async fn gone(id: u64) -> u64 {}

fn main() {
    drop((rename(1), set(1), gone(1)));
}
