use cached_core::memoize;

struct Page(String);
struct Draft(String);

#[memoize]
fn render(id: u32) -> Page {
    Page(id.to_string())
}

#[memoize]
fn try_render(id: u32) -> Result<Draft, String> {
    Ok(Draft(id.to_string()))
}

fn main() {
    render(1).0;
    try_render::invalidate(1);
}
