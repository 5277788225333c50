use cached_core::memoize;

#[memoize]
fn address(at: *const u8) -> usize {
    at as usize
}

fn main() {
    address(std::ptr::null());
}
