use cached_core::memoize;

#[memoize(max = "10")]
fn text(id: u32) -> u32 {
    id
}

#[memoize(max = -1)]
fn negative(id: u32) -> u32 {
    id
}

#[memoize(max = 64MiB)]
fn bytes(id: u32) -> u32 {
    id
}

fn main() {
    bytes(negative(text(1)));
}
