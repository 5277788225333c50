//! Writers find what is called like something else, and all of what a key without a type belongs to.
#![deny(warnings)]

use cached_core::{invalidates, memoize};

#[memoize(companion = user)]
fn user_of(id: u64) -> u64 {
    id
}

fn user(id: u64) -> u64 {
    user_of(id)
}

#[invalidates(user(id))]
fn remove(id: u64) -> u64 {
    user(id)
}

pub mod shared {
    #[cached_core::memoize]
    pub fn price(id: u64) -> u64 {
        id
    }
}

pub mod desk {
    use cached_core::{invalidates, memoize};

    #[cfg(not(doc))]
    use super::shared::price;

    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct Desk;

    impl Desk {
        #[memoize]
        pub fn price(&self, id: u64) -> u64 {
            price(id)
        }

        #[invalidates(price(id))]
        pub fn remove(&self, id: u64) -> u64 {
            id
        }

        #[memoize(key = name.to_lowercase())]
        pub fn find(&self, name: &str) -> usize {
            name.len()
        }

        #[invalidates(Self::find)]
        pub fn reload(&self) {}
    }
}

#[memoize(tags = ["type:{type}"])]
fn named(r#type: u8) -> u8 {
    r#type
}

#[memoize(tags = ["name:{name}"])]
fn greeting(name: String) -> String {
    format!("Hello, {name}")
}

#[invalidates(greeting(name), tag = "name:{name}")]
fn rename(name: String) -> usize {
    name.len()
}

#[cached_core::updates(greeting(new.0) = result)]
fn greet(new: (String, u8)) -> String {
    format!("Hi, {}", new.0)
}

fn main() {
    greeting("Ada".to_owned());
    assert_eq!(rename("Ada".to_owned()), 3);
    assert!(!greeting::contains("Ada".to_owned()));
    greet(("Ada".to_owned(), 1));
    assert_eq!(greeting("Ada".to_owned()), "Hi, Ada");
    assert_eq!(user(1) + remove(1), 2);
    assert!(!user::contains(1));
    desk::Desk.price(1);
    desk::Desk.remove(1);
    assert!(!shared::price::contains(1));
    desk::Desk.find("A");
    desk::Desk.reload();
    desk::Desk.find("a");
    let finds = cached_core::registry::all().into_iter().find(|entry| entry.name().ends_with("find"));
    assert!(finds.is_some_and(|entry| entry.cache_info().misses == 2 && entry.cache_info().hits == 0));
    named(1);
    assert_eq!(cached_core::registry::invalidate_tag("type:1"), 1);
}
