//! Whoever uses the verbs of a function whose head the compiler refuses gets no error on top.

use cached_core::memoize;

struct Page<Q: Copy>(Q);

#[memoize]
fn few(of: Vec, id: u32) -> u32 {
    id
}

#[memoize]
fn lacking(of: &Page<String>) -> Result<u32, String> {
    Ok(1)
}

#[memoize]
fn twice<T: 'static>(id: u32, id: u32) -> Vec<u8> {
    vec![]
}

#[memoize(max = "2")]
fn refused(id: u32) -> Result<Vec<u8>, String> {
    Ok(vec![])
}

struct Desk;

impl Desk {
    #[memoize(skip(self))]
    fn unsized_list(&self, of: Vec<str>) -> u32 {
        1
    }
}

fn main() {
    few::clear();
    println!("{}", few::cache_info());
    few::insert(todo!(), 2, 3);
    let _ = few::peek(todo!(), 2);
    let answer: u32 = few::refresh(todo!(), 2);
    lacking::invalidate(todo!());
    println!("{:?}", lacking::peek(todo!()));
    twice::clear::<u8>();
    twice::clear_all();
    let _ = twice::uncached(1, 2);
    let _ = refused::peek(1);
    Desk::unsized_list_cache().clear();
    Desk.unsized_list_uncached(todo!());
}
