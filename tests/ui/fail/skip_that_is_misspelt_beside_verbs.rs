use cached_core::memoize;

struct Pool;

struct Repo {
    pool: Pool,
}

impl Repo {
    #[memoize(skip(slef))]
    fn name(&self, id: u64, lang: &str) -> String {
        format!("{id}{lang}")
    }
}

#[memoize(skip(pol))]
fn user(pool: &Pool, id: u64) -> Option<u64> {
    let _ = pool;
    Some(id)
}

fn main() {
    let repo = Repo { pool: Pool };
    repo.name(3, "it");
    Repo::name_cache().invalidate_if(|(id, lang), _| *id == 3 && lang == "it");
    user::invalidate_if(|id, user| *id > 3 && user.is_none());
    user::warm(&repo.pool, [1, 2, 3]);
    user::insert(&repo.pool, 3, None);
}
