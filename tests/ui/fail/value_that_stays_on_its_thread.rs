//! A type of the crate that holds what no two threads share is told of once, and its verbs take and show it as it is.
use std::cell::RefCell;
use std::rc::Rc;

use cached_core::{Memo, memoize, updates};

#[derive(Clone, Debug, PartialEq)]
enum Expr {
    Number(i64),
    Negative(Rc<Expr>),
}

#[derive(Clone, Debug, PartialEq)]
struct User {
    id: u64,
    tags: RefCell<u8>,
}

struct Repo {
    users: Memo<u64, u64>,
}

#[memoize]
fn parse(source: &str) -> Expr {
    Expr::Number(1)
}

impl Repo {
    #[memoize(skip(self))]
    fn user(&self, id: u64) -> std::io::Result<User> {
        Ok(User { id, tags: RefCell::new(1) })
    }

    #[updates(self.user(result.id) = result)]
    fn save(&self, id: u64) -> std::io::Result<User> {
        Ok(User { id, tags: RefCell::new(1) })
    }
}

fn main() {
    parse::invalidate_if(|_, value| *value == Expr::Number(3));
    parse::insert("1", Expr::Negative(Rc::new(Expr::Number(1))));
    Repo::user_cache().insert(3, User { id: 3, tags: RefCell::new(1) });
}
