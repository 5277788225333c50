use cached_core::memoize;

#[memoize]
fn price(id: u32) -> u32 {
    let text: &str = id;
    text.len() as u32
}

fn main() {
    price(1);
}
