//! What a `use` brings in under the companion's name.

use std::fs;

use cached_core::memoize;
use models::user;

mod models {
    pub mod user {
        pub struct User;
    }
}

mod glob {
    use super::models::*;

    #[cached_core::memoize]
    fn user(id: u32) -> Option<user::User> {
        None
    }
}

#[memoize]
fn fs(id: u32) -> u32 {
    id
}

#[memoize]
fn user(id: u32) -> u32 {
    id
}

fn main() {
    let _ = fs::read("name");
    let _ = user::User;
}
