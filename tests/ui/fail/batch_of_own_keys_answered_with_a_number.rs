use cached_core::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Sku(u32);

#[memoize(batch)]
fn stock(skus: &[Sku]) -> u64 {
    skus.iter().map(|sku| u64::from(sku.0)).sum()
}

fn main() {
    let all: u64 = stock(&[Sku(1)]) + stock::load(Sku(2));
    println!("{all} {}", stock::contains(Sku(1)));
}
