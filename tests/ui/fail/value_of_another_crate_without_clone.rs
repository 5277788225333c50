//! A value of another crate's type, which cannot be kept, wherever it is to be kept: one error at each function.

use std::sync::Mutex;

use cached_core::{Memo, memoize, updates};

#[memoize(lazy)]
fn lazily(id: u32) -> Mutex<u32> {
    Mutex::new(id)
}

#[memoize(lazy)]
fn lazily_if_at_all(id: u32) -> Result<std::process::Child, String> {
    Err(id.to_string())
}

struct Desk {
    made: Memo<u32, std::process::Command>,
}

impl Desk {
    #[memoize(in = self.made)]
    fn command(&self, id: u32) -> std::process::Command {
        std::process::Command::new(id.to_string())
    }
}

struct Held<T>(T);

#[memoize]
impl<T: 'static> Held<T> {
    #[memoize(skip(self))]
    fn command(&self, id: u32) -> std::process::Command {
        std::process::Command::new(id.to_string())
    }

    #[updates(self.command(id) = std::process::Command::new("ls"))]
    fn change(&self, id: u32) {
        let _ = (&self.0, id);
    }
}

fn main() {
    lazily(1).force();
    let _ = lazily_if_at_all(1).force();
    let desk = Desk { made: Memo::new() };
    desk.command(1);
    desk.command_cache().clear();
    desk.command_warm([1]);
    Held(1).command(1);
    Held(1).change(1);
}
