use cached_core::memoize;

#[memoize(ttl = 60x)]
fn unit(id: u32) -> u32 {
    id
}

#[memoize(ttl = "soon")]
fn word(id: u32) -> u32 {
    id
}

#[memoize(ttl = -5)]
fn negative(id: u32) -> u32 {
    id
}

fn main() {
    negative(word(unit(1)));
}
