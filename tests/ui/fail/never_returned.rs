use cached_core::memoize;

#[memoize]
fn forever(n: u32) -> ! {
    loop {
        std::hint::black_box(n);
    }
}

fn main() {
    forever(1);
}
