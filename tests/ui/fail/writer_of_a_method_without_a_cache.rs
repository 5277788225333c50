use cached_core::{invalidates, memoize, updates};

struct Repo;

trait Users {
    fn user(&self, id: u64) -> u64;
}

#[memoize]
impl Users for Repo {
    #[memoize(skip(self))]
    fn user(&self, id: u64) -> u64 {
        id
    }
}

impl Repo {
    fn plain(&self, id: u64) -> u64 {
        id
    }

    #[updates(self.usr(id) = result)]
    fn rename(&self, id: u64) -> u64 {
        id
    }

    #[invalidates(self.plain(id), Self::rename(id))]
    fn remove(&self, id: u64) -> bool {
        id > 0
    }
}

fn main() {
    Repo.user(1);
    Repo.plain(1);
    Repo.rename(1);
    Repo.remove(1);
}
