use cached_core::{memoize, updates};

#[memoize]
fn user(id: u64) -> String {
    id.to_string()
}

#[updates(user(id), result)]
fn save(id: u64) -> String {
    user(id)
}

fn main() {
    save(1);
}
