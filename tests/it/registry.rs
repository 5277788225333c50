//! The registry: every memoized function that was used.

use cached_core::{memoize, registry, testing};

#[memoize(name = "prices")]
fn price(n: u64) -> u64 {
    (0..1000).fold(n, |sum, i| std::hint::black_box(sum ^ i)) | n
}

#[memoize(max = 10)]
fn stock(n: u64) -> u64 {
    n
}

mod elsewhere {
    #[cached_core::memoize]
    pub(super) fn stock(n: u64) -> u64 {
        n
    }
}

#[test]
fn functions_are_listed_once_they_are_used() {
    let _scope = testing::isolate();
    assert!(registry::find("prices").is_none());
    price(1);
    stock(1);
    let names: Vec<_> = registry::all().iter().map(registry::Entry::name).collect();
    assert_eq!(names, ["it::registry::stock", "prices"]);
}

#[test]
fn find_takes_the_whole_name_or_as_much_of_its_end_as_is_needed() {
    let _scope = testing::isolate();
    stock(1);
    elsewhere::stock(1);
    assert_eq!(registry::find("it::registry::stock").unwrap().name(), "it::registry::stock");
    assert_eq!(registry::find("elsewhere::stock").unwrap().name(), "it::registry::elsewhere::stock");
    assert!(registry::find("stock").is_none(), "two functions fit");
    assert!(registry::find("tock").is_none() && registry::find("").is_none());
}

#[test]
fn an_entry_looks_clears_and_resets() {
    let _scope = testing::isolate();
    stock(1);
    stock(1);
    let entry = registry::find("stock").unwrap();
    assert_eq!((entry.cache_info().hits, entry.cache_info().len), (1, 1));
    entry.reset_info();
    assert_eq!(entry.cache_info().hits, 0);
    assert_eq!(entry.clear(), 1);
    assert!(!stock::contains(1));
    assert_eq!(format!("{entry:?}"), r#"Entry("it::registry::stock")"#);
}

#[test]
fn clear_all_clears_all() {
    let _scope = testing::isolate();
    price(1);
    stock(1);
    stock(2);
    assert_eq!(registry::clear_all(), 3);
    assert_eq!((price::cache_info().len, stock::cache_info().len), (0, 0));
}

#[test]
fn the_report_puts_the_largest_time_saved_first() {
    let _scope = testing::isolate();
    assert_eq!(registry::report().to_string(), "no memoized function was used\n");
    stock(1);
    (0..1000).for_each(|_| {
        price(1);
    });
    let report = registry::report();
    assert_eq!(report.infos()[0].name, "prices");
    let text = format!("{report:80}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("cache ") && lines[0].ends_with("saved"), "{text}");
    assert!(lines[1].starts_with("prices ") && lines[2].starts_with("it::registry::stock "), "{text}");
    assert!(lines[3].starts_with("time saved in all: "), "{text}");
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn without_a_scope_the_registry_is_the_process() {
    #[memoize]
    fn global(n: u64) -> u64 {
        n
    }
    global(1);
    let entry = registry::find("registry::global").unwrap();
    assert_eq!(entry.cache_info().misses, 1);
    assert_eq!(global(1), 1);
    assert_eq!(entry.cache_info().hits, 1);
}
