use std::sync::Arc;

use cached_core::{Lazy, memoize};

#[memoize(lazy)]
fn report(year: u32) -> Lazy<Arc<String>> {
    Arc::new(year.to_string())
}

fn main() {
    let report = report(2026);
    println!("{}", report.force());
    report::clear();
}
