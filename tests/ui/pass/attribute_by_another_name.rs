//! The attribute may be imported under another name, also for blocks.

use cached_core::memoize as memo;

struct Desk;

#[memo]
impl Desk {
    #[memo(max = 3)]
    fn twice(id: u32) -> u32 {
        id * 2
    }
}

fn main() {
    assert_eq!((Desk::twice(2), Desk::twice(2)), (4, 4));
    assert_eq!(Desk::twice_cache().cache_info().hits, 1);
}
