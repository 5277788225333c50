use cached_core::memoize;

#[memoize]
fn show<T: ToString>(value: T) -> String {
    value.to_string()
}

#[memoize]
fn zeros<const N: usize>() -> Vec<u8> {
    vec![0; N]
}

fn main() {
    show(1);
    zeros::<3>();
}
