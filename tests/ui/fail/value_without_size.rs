use cached_core::memoize;

#[memoize]
fn price(id: u32) -> dyn Fn(u32) -> u32 {
    move |other| id + other
}

#[memoize]
fn home(id: u32) -> std::path::Path {
    unreachable!()
}

fn main() {
    price(1);
    price::clear();
}
