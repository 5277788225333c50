//! Hits, by borrowed text.

use super::Workload;
use crate::measure::{Plan, Settings};
use crate::peers;
use crate::random::{Random, scramble};
use crate::report::Report;

pub(super) const ONE_THREAD: Workload =
    Workload { name: "hit-str", title: "hit, &str of 24 bytes to u64, 10,000 keys", run };

fn run(workload: &Workload, settings: Settings) -> Report {
    let keys: Vec<&'static str> = (0..10_000).map(key).collect();
    let stream = Random::new(2).passes(&keys, 2);
    workload.measure(&peers::all(|peer| peer.text()), &Plan::hits(keys, vec![stream]), settings)
}

/// 24 bytes. They live as long as the process, as keys of contenders do.
fn key(number: u64) -> &'static str {
    format!("customer{:016x}", scramble(number)).leak()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_as_long_as_the_title_says() {
        assert!((0..100).all(|number| key(number).len() == 24));
    }
}
