use std::sync::Mutex;

use cached_core::memoize;

#[memoize(max_weight = 1MB, weigher = |_, list| list.lock().map_or(1, |list| list.len() as u64))]
fn list(id: u32, name: &str) -> Mutex<Vec<String>> {
    Mutex::new(vec![name.to_owned(); id as usize])
}

#[memoize]
fn file(name: &str) -> std::io::Result<std::fs::File> {
    std::fs::File::open(name)
}

#[memoize]
fn rule(id: u32) -> Box<dyn Fn(u32) -> u32 + Send + Sync> {
    Box::new(move |other| id + other)
}

fn main() {
    list::invalidate_if(|key, list| key.0 == 3 && list.lock().is_ok());
    file::peek("a").map(|file| file.metadata());
    rule::invalidate_if(|key, rule| rule(*key) == 4);
}
