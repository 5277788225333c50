use cached_core::memoize;

#[memoize(max_weight = 64mib, weigher = |_, page| page.len() as u64)]
fn lower_case(id: u32) -> String {
    id.to_string()
}

#[memoize(max_weight = -1, weigher = |_, page| page.len() as u64)]
fn negative(id: u32) -> String {
    id.to_string()
}

#[memoize(max_weight = 1.5, weigher = |_, page| page.len() as u64)]
fn broken(id: u32) -> String {
    id.to_string()
}

#[memoize(max_weight = 10s, weigher = |_, page| page.len() as u64)]
fn time(id: u32) -> String {
    id.to_string()
}

#[memoize(max_weight = 16777216TiB, weigher = |_, page| page.len() as u64)]
fn too_much(id: u32) -> String {
    id.to_string()
}

#[memoize(max_weight = "heavy", weigher = |_, page| page.len() as u64)]
fn text(id: u32) -> String {
    id.to_string()
}

fn main() {
    lower_case(1);
    negative(1);
    broken(1);
    time(1);
    too_much(1);
    text(1);
}
