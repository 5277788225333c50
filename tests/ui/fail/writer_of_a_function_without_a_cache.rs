use cached_core::{invalidates, updates};

fn user(id: u64) -> String {
    format!("user {id}")
}

#[invalidates(user(id))]
fn remove(id: u64) -> Result<(), String> {
    Err(user(id))
}

#[updates(user(id) = result)]
fn save(id: u64) -> String {
    user(id)
}

fn main() {
    let _ = remove(1);
    save(2);
}
