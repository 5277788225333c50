use std::pin::Pin;

use cached_core::memoize;

struct Reader {
    read: u32,
}

impl Reader {
    #[memoize(skip(self))]
    fn total(self: Pin<&mut Self>, more: u32) -> u32 {
        self.read + more
    }
}

fn main() {
    let mut reader = Reader { read: 1 };
    Pin::new(&mut reader).total(1);
    Reader::total_cache().clear();
}
