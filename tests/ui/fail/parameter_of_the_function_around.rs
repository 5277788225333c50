//! A function in the body of another one has neither its parameters nor its `Self`: the compiler says so once.

use cached_core::memoize;

fn outer<T, const N: usize>(of: T) {
    #[memoize]
    fn first(of: Option<T>) -> u32 {
        1
    }

    #[memoize]
    fn second(id: u32) -> [u8; N] {
        todo!()
    }
}

struct Desk<Q>(Q);

impl<Q> Desk<Q> {
    fn outer(&self) {
        #[memoize]
        fn first(of: &Q) -> u32 {
            1
        }

        #[memoize]
        fn second(of: &Self) -> u32 {
            1
        }
    }
}

#[memoize]
fn free(of: &Self) -> u32 {
    1
}

fn main() {}
