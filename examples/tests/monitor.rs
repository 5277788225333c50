//! What the monitor exports, and whether the dashboard asks for it.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

fn scraped() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_monitor"))
        .args(["--requests", "2000"])
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the program writes text")
}

/// The names of metrics in a text.
fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("cache_")).collect()
}

/// All queries of the dashboard.
fn queries(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| match value {
            Value::String(query) if name == "expr" || name == "query" => found.push(query.clone()),
            value => queries(value, found),
        }),
        Value::Array(values) => values.iter().for_each(|value| queries(value, found)),
        _ => {}
    }
}

#[test]
fn the_dashboard_asks_for_all_that_is_exported_and_nothing_else() {
    let text = scraped();
    let exported: BTreeSet<&str> = text
        .lines()
        .filter(|line| line.starts_with("cache_"))
        .filter_map(|line| line.split('{').next())
        .collect();
    let dashboard = include_str!("../grafana/caches.json");
    let mut asked = Vec::new();
    queries(&serde_json::from_str(dashboard).expect("the dashboard is JSON"), &mut asked);
    let asked = asked.join(" ");
    let asked = names(&asked);
    assert_eq!(exported, asked, "{text}");
    let documented = ["cache_entries", "cache_evictions_total", "cache_lookups_total"];
    assert!(documented.iter().all(|name| exported.contains(name)), "{exported:?}");
    assert!(exported.contains("cache_load_duration_seconds_bucket"), "{exported:?}");
}

#[test]
fn the_text_says_what_happened() {
    let text = scraped();
    for line in [
        "# TYPE cache_lookups_total counter",
        "# TYPE cache_evictions_total counter",
        "# TYPE cache_entries gauge",
        "# TYPE cache_load_duration_seconds histogram",
        r#"cache_entries{cache="price"} 200"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line}:\n{text}");
    }
    let value = |series: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(series)).expect("the series is there");
        line.rsplit(' ').next().and_then(|value| value.parse().ok()).expect("it has a value")
    };
    let lookups = ["hit", "miss", "coalesced"]
        .map(|result| value(&format!(r#"cache_lookups_total{{cache="price",result="{result}"}}"#)));
    assert!((lookups.iter().sum::<f64>() - 4000.0).abs() < 0.5, "{lookups:?}");
    let loads = value(r#"cache_load_duration_seconds_count{cache="price"}"#);
    assert!((loads - lookups[1]).abs() < 0.5, "each miss is a load: {loads} {lookups:?}");
    assert!(text.contains("cache") && text.contains("time saved in all: "), "{text}");
}
