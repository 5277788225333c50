use cached_core::{invalidates, memoize, updates};

struct Id(u64);

#[memoize]
fn name(id: Id) -> String {
    id.0.to_string()
}

#[memoize]
fn mail(id: &Id) -> String {
    id.0.to_string()
}

#[updates(name(id) = result)]
fn rename(id: Id) -> String {
    id.0.to_string()
}

#[invalidates(name(id), mail(&id))]
fn forget(id: Id) {
    let _ = id;
}

fn main() {
    rename(Id(1));
    forget(Id(1));
}
