use cached_core::memoize;

#[memoize(key = prices[year])]
fn price(prices: &[u32], year: u32) -> u32 {
    prices.len() as u32 + year
}

#[memoize(key = width * depth)]
fn area(width: f64, depth: u32) -> f64 {
    width * f64::from(depth)
}

fn main() {
    price(&[], 1);
    area(1.0, 1);
}
