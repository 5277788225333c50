//! A type of another crate can have no block here: the compiler says so once.

use std::net::IpAddr;

use cached_core::memoize;

impl String {
    #[memoize]
    fn shouted(&self) -> Self {
        self.to_uppercase()
    }
}

impl IpAddr {
    #[memoize]
    fn is_near(&self, hops: u8) -> bool {
        hops < 3
    }
}

#[memoize]
impl u32 {
    #[memoize]
    fn of(text: &str) -> u32 {
        1
    }
}

impl [u8] {
    #[memoize]
    fn total(&self) -> u32 {
        1
    }
}

fn main() {}
