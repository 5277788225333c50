//! Types of the standard library that a module has to import, and types that take nothing, with arguments too many or too few.
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use cached_core::memoize;

#[memoize]
fn read(path: &str) -> io::Result {
    Ok(path.len())
}

#[memoize]
fn count(of: u32<u8>) -> String {
    String::new()
}

#[memoize]
async fn later(of: PathBuf<u8>) -> Duration {
    Duration::ZERO
}

mod other {
    use std::result::Result;

    use cached_core::memoize;

    #[memoize(ttl = 60s)]
    pub fn parse(text: &str) -> Result<u32> {
        Ok(text.len() as u32)
    }
}

struct Desk;

#[memoize]
impl Desk {
    #[memoize(skip(self))]
    fn find(&self, id: u32) -> Self<u32> {
        Desk
    }
}

fn main() {
    read::clear();
    count::invalidate(1);
    later::clear();
    let _ = other::parse("a");
    other::parse::insert("a", Ok(1));
    Desk::find_cache().clear();
}
