use cached_core::memoize;

#[memoize(store_if = result.is_some())]
fn found(id: u32) -> Option<u32> {
    Some(id)
}

#[memoize(store_if = !value.is_empty())]
fn text(id: u32) -> String {
    id.to_string()
}

fn main() {
    found(1);
    found::clear();
    text(1);
}
