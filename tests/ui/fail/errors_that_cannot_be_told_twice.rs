use cached_core::memoize;

#[memoize(errors = 5s)]
fn read(path: String) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

fn main() {}
