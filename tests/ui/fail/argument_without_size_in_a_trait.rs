//! A trait's function whose block has lost an `&`: told once, with what the trait takes.

use std::path::{Path, PathBuf};

use cached_core::memoize;

trait Files {
    fn size(&self, path: &Path) -> u64;
    fn parent(&self, path: &Path) -> PathBuf;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Disk;

#[memoize]
impl Files for Disk {
    #[memoize]
    fn size(&self, path: Path) -> u64 {
        path.as_os_str().len() as u64
    }

    #[memoize]
    fn parent(&self, path: &Path) -> Path {
        path.parent().unwrap()
    }
}

fn main() {
    Disk::size_cache().clear();
    Disk::parent_cache().clear();
    Disk.size(Path::new("a"));
    let _: PathBuf = Disk.parent(Path::new("a"));
}
