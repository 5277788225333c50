//! Types named like those of the prelude.
use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct String(u8);
#[allow(non_camel_case_types)]
#[derive(Clone, PartialEq, Eq, Hash)]
struct bool(u8);
#[derive(Clone, PartialEq, Eq, Hash)]
struct Vec(u8);
#[allow(non_camel_case_types)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct usize;

#[memoize]
fn one(text: String, flag: bool) -> Vec {
    let _ = (text, flag);
    Vec(1)
}

#[memoize]
async fn two<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(value: T, size: usize) -> T {
    let _ = size;
    value
}

struct Desk;

#[memoize]
impl Desk {
    #[memoize]
    fn three(size: usize, flag: bool) -> String {
        let _ = (size, flag);
        String(1)
    }
}

fn main() {
    let first = one(String(1), bool(2));
    assert!(one(String(1), bool(2)) == first);
    assert_eq!(one::cache_info().hits, 1);
    assert!(!two::contains(bool(1), usize));
    assert!(Desk::three(usize, bool(1)) == String(1));
}
