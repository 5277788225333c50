//! What is borrowed for ever is kept as it is by a lazy call.
use cached_core::memoize;
use std::borrow::Cow;

#[memoize(lazy)]
fn report(town: &'static str, names: &'static [&'static str], title: Option<Cow<'static, str>>) -> usize {
    town.len() + names.len() + title.map_or(0, |title| title.len())
}

fn main() {
    let call = report("ulm", &["ada"], Some("dr".into()));
    assert_eq!(call.force(), 6);
    assert_eq!(report("ulm", &["ada"], Some("dr".into())).force(), 6);
    assert_eq!(report::cache_info().hits, 1);
}
