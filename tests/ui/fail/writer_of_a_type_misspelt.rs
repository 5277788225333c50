use cached_core::{invalidates, memoize};

#[memoize]
fn user(id: u64) -> u64 {
    id
}

#[invalidates(user(id))]
async fn rename(id: u64) -> Strin {
    id.to_string()
}

#[invalidates(user(id))]
fn rename_now(id: u64) -> Vec<Strin> {
    vec![id.to_string()]
}

fn main() {
    drop((rename(1), rename_now(1)));
}
