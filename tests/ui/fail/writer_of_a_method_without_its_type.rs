use cached_core::{invalidates, memoize};

#[derive(Clone, PartialEq, Eq, Hash)]
struct Repo;

#[memoize]
impl Repo {
    #[memoize]
    fn user(&self, id: u64) -> u64 {
        id
    }

    #[invalidates(user(id))]
    fn remove(&self, id: u64) -> bool {
        id > 0
    }
}

fn main() {
    Repo.user(1);
    Repo.remove(1);
}
