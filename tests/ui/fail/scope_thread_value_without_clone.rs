use cached_core::memoize;

struct Page(String);

#[memoize(scope = thread)]
fn render(id: u32) -> Page {
    Page(id.to_string())
}

fn main() {
    assert_eq!(render(1).0, "1");
}
