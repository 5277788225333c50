//! Whoever uses the verbs of a function with a mistake in its options gets no error on top: they are those that it will have.

use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

struct Pool;

#[memoize(policy = lru)]
fn first(id: u32, name: String) -> u32 {
    id
}

#[memoize(skip(pool), ttl = 60q)]
fn second(id: u32, pool: &Pool) -> Vec<u8> {
    vec![]
}

#[memoize(jitter = 0.1)]
async fn third(id: u32) -> Result<String, u8> {
    Ok(String::new())
}

#[memoize(batch, ttl = 1s, refresh_after = 2s)]
fn fourth(ids: &[u32]) -> Vec<u32> {
    ids.to_vec()
}

impl Desk {
    #[memoize(idle = 2h, ttl = 1h)]
    fn fifth(&self, id: u32) -> u32 {
        id
    }
}

fn main() {
    first::invalidate_if(|(id, name): &(u32, String), value: &u32| *id > 3 && name.is_empty() && *value > 1);
    first::warm([(1, String::new())]);
    second::invalidate_if(|id, bytes| *id > 3 && bytes.is_empty());
    second::cache().invalidate(&1);
    third::insert(1, String::new());
    let _ = fourth::load(1);
    Desk::fifth_cache().invalidate(&(Desk, 1));
}
