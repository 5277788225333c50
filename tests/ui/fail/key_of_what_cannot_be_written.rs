use cached_core::memoize;

struct Account(u32);

#[derive(Debug)]
struct User(u32);

#[memoize(key = format!("{account:?}"))]
fn balance(account: &Account) -> u32 {
    account.0
}

#[memoize(key = (format!("{}-{}", year, user), year))]
fn name(user: &User, year: u32) -> u32 {
    user.0 + year
}

#[memoize(key = format!("{of:?}"))]
fn shown<T: 'static>(of: T) -> u32 {
    let _ = of;
    1
}

impl Account {
    #[memoize(key = format!("{self:?} {id}"))]
    fn total(&self, id: u32) -> u32 {
        self.0 + id
    }
}

fn main() {
    balance(&Account(1));
    balance::clear();
    name::invalidate_if(|key, _| key.1 == 2026);
    shown(1);
    Account(1).total(1);
}
