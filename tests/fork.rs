//! A process that is forked off while a thread of its parent loads: a test binary of its own, as it forks.
#![cfg(unix)]
#![allow(unsafe_code, reason = "to fork is unsafe; the child calls one function and leaves")]

use std::sync::mpsc::channel;

use cached_core::memoize;

#[test]
fn a_child_does_not_wait_for_its_parents_load() {
    static PARENT: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    static GATE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    #[memoize]
    fn slow(n: u32) -> u32 {
        if PARENT.get() == Some(&std::process::id()) {
            drop(GATE.lock());
            n
        } else {
            n + 100
        }
    }
    PARENT.set(std::process::id()).unwrap();
    let gate = GATE.lock().unwrap();
    let (running, runs) = channel();
    let leader = std::thread::spawn(move || {
        running.send(()).unwrap();
        slow(1)
    });
    runs.recv().unwrap();
    while slow::cache_info().misses == 0 {
        std::thread::yield_now();
    }
    // SAFETY: the child calls the function, and leaves without unwinding or running anybody's destructors. Nobody else in this
    // process holds a lock that it needs: the leader waits in the body.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: `alarm` and `_exit` may be called at any time. A child that hangs is ended by the alarm.
        unsafe {
            libc::alarm(20);
            let right = slow(1) == 101 && slow(1) == 101;
            libc::_exit(i32::from(!right));
        }
    }
    let mut status = 0;
    // SAFETY: `status` lives on this stack.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert!(libc::WIFEXITED(status), "the child waited for a load that never ends there");
    assert_eq!(libc::WEXITSTATUS(status), 0);
    drop(gate);
    assert_eq!(leader.join().unwrap(), 1);
    assert_eq!(slow(1), 1, "and the parent is none the wiser");
}
