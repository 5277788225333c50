//! A type that nobody has imported: the companion, whose name is alike, is not what is meant.

use cached_core::memoize;

mod shop {
    #[derive(Clone)]
    pub struct User;
}

#[memoize]
pub fn user(id: u32) -> Option<User> {
    (id > 1).then_some(shop::User)
}

#[memoize]
fn config(path: &str) -> usize {
    let config = Config { path };
    path.len()
}

#[memoize]
async fn users<T: 'static>(id: u32) -> Vec<Users> {
    Vec::new()
}

fn main() {
    user(1);
    config("a");
    let _ = users::<u8>(1);
}
