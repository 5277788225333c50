use cached_core::{invalidates, memoize};

struct Desk;

impl Desk {
    #[memoize(skip(self))]
    fn user(&self, id: u64) -> u64 {
        id
    }

    fn account(&self, id: u64) -> u64 {
        id
    }
}

#[invalidates(desk.usr(id))]
fn rename(desk: &Desk, id: u64) {
    desk.account(id);
}

#[invalidates(Desk::usr)]
fn rename_all() {}

#[invalidates(Desk::usr(desk, id))]
fn rename_one(desk: &Desk, id: u64) {
    desk.account(id);
}

#[invalidates(desk.account(id))]
fn set(desk: &Desk, id: u64) {
    desk.user(id);
}

fn main() {
    rename(&Desk, 1);
    rename_all();
    rename_one(&Desk, 1);
    set(&Desk, 1);
}
