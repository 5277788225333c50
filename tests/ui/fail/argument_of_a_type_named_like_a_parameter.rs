use cached_core::memoize;

mod other {
    macro_rules! made {
        ($name:ident) => {
            pub struct $name {
                pub id: u64,
            }
        };
    }
    made!(U);
}
use other::U;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize]
    fn price(&self, user: &U) -> u64 {
        user.id
    }
}

fn main() {
    Desk.price(&U { id: 1 });
}
