use cached_core::memoize;
pub struct Req {
    id: u32,
    name: String,
}
#[memoize(key = id as u32, tags = ["x:{req.id}"])]
pub fn find(req: &Req, id: u32, kind: u8) -> u32 {
    id
}
fn main() {}
