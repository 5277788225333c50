//! Closures and tags that look into what has been refused: they are told what it looks like, and nothing on top.

use std::process::Command;
use std::sync::Mutex;

use cached_core::{memoize, updates};

#[memoize(store_if = |command| command.is_some())]
fn command(id: u32) -> Option<Command> {
    Some(Command::new(id.to_string()))
}

#[memoize(max_weight = 10, weigher = |_, lock| u64::from(*lock.lock().unwrap()), tags = ["lock:{value:?}"])]
fn lock(id: u32) -> Result<Mutex<u32>, String> {
    Ok(Mutex::new(id))
}

#[memoize(tags = ["{lock:?}"])]
fn sum(lock: &Mutex<u32>) -> u32 {
    *lock.lock().unwrap()
}

#[memoize]
fn made(id: u32) -> Command {
    Command::new(id.to_string())
}

#[updates(made(id) = result)]
fn make(id: u32) -> Command {
    Command::new(id.to_string())
}

fn main() {
    command::invalidate_if(|_, command| command.is_none());
    let _ = lock(1);
    lock::cache().peek(&1).unwrap().is_poisoned();
    sum(&Mutex::new(1));
    sum::invalidate_if(|lock, _| lock.is_poisoned());
    made(1);
    make(1);
}
