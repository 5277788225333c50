use cached_core::memoize;
pub struct Fonts {
    pub names: Vec<u8>,
}
#[memoize(skip(fonts))]
pub fn chart(title: &str, n: u8, fonts: &Fonts<'_>) -> String {
    format!("{title}{n}{}", fonts.names.len())
}
fn main() {
    chart::invalidate_if(|key, svg| key.0 == "x" && svg.is_empty());
    chart::clear();
    chart::peek("a", 1, &Fonts { names: vec![] }).map(|s| s.len());
}
