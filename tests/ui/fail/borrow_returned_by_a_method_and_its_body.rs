//! Who calls the body of a method that returns a borrow is told nothing more of that.
use cached_core::memoize;

struct Repo {
    rows: Vec<String>,
}

impl Repo {
    #[memoize(skip(self))]
    fn row(&self, id: usize) -> Option<&String> {
        self.rows.get(id)
    }
}

fn main() {
    let repo = Repo { rows: vec![] };
    repo.row(1);
    repo.row_uncached(2);
}
