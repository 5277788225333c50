use cached_core::memoize;

#[memoize(max_weight = 64MiB, weigher = 8)]
fn number(id: u32) -> String {
    id.to_string()
}

#[memoize(max_weight = 64MiB, weigher = |page| page.len() as u64)]
fn of_the_value_alone(id: u32) -> String {
    id.to_string()
}

fn main() {
    number(1);
    of_the_value_alone(1);
}
