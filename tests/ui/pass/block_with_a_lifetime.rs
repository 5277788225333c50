//! A block with a lifetime.
use cached_core::memoize;

struct Reader<'a>(&'a str);

#[memoize]
impl<'a> Reader<'a> {
    #[memoize(key = (self.0, n))]
    fn get(&self, n: usize) -> Option<char> {
        self.0.chars().nth(n)
    }
}

fn main() {
    let text = String::from("abc");
    assert_eq!((Reader(&text).get(1), Reader(&text).get(1)), (Some('b'), Some('b')));
}
