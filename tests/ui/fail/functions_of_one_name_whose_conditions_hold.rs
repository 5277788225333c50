use cached_core::memoize;

#[cfg(not(windows))]
#[memoize]
fn home(user: &str) -> String {
    format!("/home/{user}")
}

#[memoize]
fn home(user: &str) -> String {
    format!("C:/Users/{user}")
}

fn main() {
    home("ada");
    home::clear();
}
