use cached_core::{memoize, updates};

mod other {
    macro_rules! made {
        ($name:ident) => {
            pub struct $name {
                pub id: u64,
            }
        };
    }
    made!(User);
}
use other::User;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Desk;

impl Desk {
    #[memoize]
    fn user(&self, id: u64) -> User {
        User { id }
    }

    #[updates(self.user(id) = User { id })]
    fn set(&self, id: u64) {
        let _ = id;
    }
}

#[memoize]
fn found(id: u64) -> Result<User, String> {
    Ok(User { id })
}

#[updates(found(id) = User { id })]
fn rename(id: u64) {
    let _ = id;
}

fn main() {
    Desk.set(Desk.user(1).id);
    rename(1);
    found::insert(1, User { id: 1 });
    let _user: Option<User> = found::peek(1);
}
