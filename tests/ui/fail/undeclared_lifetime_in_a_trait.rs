//! A lifetime that neither a default method nor its trait declares is the compiler's to tell of, once.
use cached_core::memoize;

trait Named: Clone + Eq + std::hash::Hash + Send + Sync + 'static {
    #[memoize]
    fn name(&self, number: u32) -> &'b str {
        "name"
    }
}

fn main() {}
