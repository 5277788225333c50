use cached_core::memoize;

#[memoize]
fn push(list: &mut Vec<u32>) -> usize {
    list.push(1);
    list.len()
}

fn main() {
    push(&mut Vec::new());
}
