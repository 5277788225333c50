//! A service that is taken as `&dyn Trait`, and not left out of the key.

use cached_core::memoize;

trait Db: Send + Sync {
    fn get(&self, id: u32) -> u32;
}

#[memoize]
fn user(db: &dyn Db, id: u32) -> u32 {
    db.get(id)
}

#[memoize(ttl = 60s)]
async fn later(db: &dyn Db, id: u32) -> u32 {
    db.get(id)
}

#[memoize]
fn perhaps(db: Option<&dyn Db>, id: u32) -> u32 {
    db.map_or(0, |db| db.get(id))
}

struct Desk;

impl Desk {
    #[memoize(skip(self))]
    fn user(&self, db: &dyn Db) -> u32 {
        db.get(1)
    }
}

fn main() {
    user::clear();
    later::clear();
    perhaps::clear();
    Desk::user_cache().clear();
}
