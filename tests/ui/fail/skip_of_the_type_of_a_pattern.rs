//! What is skipped is named as it is bound.
use cached_core::memoize;

struct State<T>(T);
struct Db;

#[memoize(skip(State))]
fn page(State(db): State<&Db>, id: u32) -> u32 {
    let _ = db;
    id
}

fn main() {
    page(State(&Db), 1);
}
