//! What a whole process holds: tests that must be alone in theirs.
#![cfg(target_os = "linux")]

use cached_core::memoize;

/// Pages of memory that this process has in use.
fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[test]
fn short_threads_leave_nothing_behind() {
    #[memoize(max = 50)]
    fn cached(n: u64) -> Vec<u64> {
        vec![n; 4]
    }
    fn run(threads: u64) {
        for n in 0..threads / 4 {
            // Four at a time, each with a hit, a miss and an invalidation.
            let threads = [0, 1, 2, 3].map(|part| {
                std::thread::spawn(move || {
                    cached(part);
                    cached(n);
                    cached::invalidate(n);
                })
            });
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        }
    }
    run(2_000);
    let before = resident_bytes();
    run(20_000);
    let grown = resident_bytes().saturating_sub(before);
    // 100 bytes a thread would be seen.
    assert!(grown < 2_000_000, "{grown} bytes more after 20,000 threads");
}
