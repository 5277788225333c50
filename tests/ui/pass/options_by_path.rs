//! Options may be constants and functions of a module: there `self` is no object.
use cached_core::memoize;
use std::time::Duration;

const LIMIT: usize = 2;

mod limits {
    use std::time::Duration;

    pub const LIFE: Duration = Duration::from_secs(60);

    pub fn weight(_key: &u32, value: &u64) -> u64 {
        *value
    }
}

#[memoize(max = self::LIMIT, ttl = self::limits::LIFE)]
fn price(id: u32) -> u64 {
    u64::from(id)
}

#[memoize(max_weight = 10, weigher = self::limits::weight)]
fn total(id: u32) -> u64 {
    u64::from(id)
}

struct Desk;

impl Desk {
    const MOST: usize = 3;

    #[memoize(max = Self::MOST, skip(self), idle = crate::limits::LIFE + Duration::from_secs(1))]
    fn find(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    (1..=5).for_each(|id| assert_eq!((price(id), total(id), Desk.find(id)), (id.into(), id.into(), id)));
    assert_eq!((price::cache_info().max, Desk::find_cache().cache_info().max), (Some(2), Some(3)));
}
