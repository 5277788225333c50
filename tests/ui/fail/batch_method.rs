use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize(batch)]
    pub fn prices(&self, ids: &[u32]) -> Vec<u32> {
        ids.to_vec()
    }
}

fn main() {
    Desk.prices(&[1]);
}
